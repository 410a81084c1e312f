// Downloads: verified by their digest, gone on with where a lost connection stopped.
#include <functional>

#include "chunk_wire.h"
#include "connection.h"
#include "digest.h"
#include "from_wire.h"
#include "raw_stream.h"

namespace voxhost {
namespace {

/// Gives the memory for a volume whose header has come, once.
using Place = std::function<Result<MutableBytes>(const Volume&)>;

/// One download: what it wants, and what has come so far.
struct Download {
  const std::string& name;
  const Place& place;
  const std::function<void(const TransferProgress&)>& on_progress;
  std::optional<Volume> volume;
  MutableBytes destination;
  std::int64_t received_bytes = 0;
  Sha256 digest;
};

Error incomplete(const Download& download) {
  return {Code::data_loss,
          "INCOMPLETE_DOWNLOAD",
          "Volume " + download.name + " came out of order or incomplete, after " + std::to_string(download.received_bytes) +
              " bytes. Download it again.",
          {{"volume", download.name}}};
}

/// Takes one message in. @returns code `ok`, or what was wrong with it.
Error take(Download& download, const grpc::ByteBuffer& bytes) {
  const auto received = static_cast<std::size_t>(download.received_bytes);
  const MutableBytes rest = download.destination.part(received, download.destination.size() - received);
  auto message = parse_read_message(bytes, rest);
  if (!message) return incomplete(download);
  if (message->volume && !download.volume) {
    Volume volume = from_wire(*message->volume);
    if (volume.header.size_bytes() != volume.size_bytes) return incomplete(download);
    auto place = download.place(volume);
    if (!place) return place.error();
    download.destination = *place;
    download.volume = std::move(volume);
  }
  if (!message->has_chunk) return {Code::ok, {}, {}, {}};
  if (!download.volume || message->offset_bytes != download.received_bytes || message->encoding != 0) return incomplete(download);
  download.digest.update(Bytes(rest.part(0, static_cast<std::size_t>(message->size_bytes))));
  download.received_bytes += message->size_bytes;
  return guarded(download.on_progress, TransferProgress{download.received_bytes, download.volume->size_bytes});
}

/// Reads on from the byte that was reached. @returns code `ok` at the stream's end.
Error read_on(const Connection& connection, const Limit& limit, Download& download) {
  Attempt attempt(connection, limit);
  RawStream stream(*connection.raw, attempt.context, "/voxhost.v1.VolumeService/ReadVolume");
  v1::ReadVolumeRequest request;
  request.set_name(download.name);
  request.set_offset_bytes(download.received_bytes);
  stream.write_last(serialize(request));
  grpc::ByteBuffer message;
  while (stream.read(&message)) {
    Error error = take(download, message);
    if (error.code != Code::ok) return error;
    message.Clear();
  }
  const grpc::Status status = stream.finish();
  return status.ok() ? Error{Code::ok, {}, {}, {}} : attempt.explain(status);
}

Result<Volume> read_whole(const Connection& connection, const std::string& name, const Place& place, const TransferOptions& options) {
  const Limit limit(options);
  Download download{name, place, options.on_progress, std::nullopt, {}, 0, {}};
  Patience patience;
  for (;;) {
    const std::int64_t before = download.received_bytes;
    const Error error = read_on(connection, limit, download);
    if (error.code == Code::ok) break;
    if (download.received_bytes > before) patience.renew();
    if (!is_lost_connection(error)) return error;
    if (auto end = patience.wait_after(error, limit)) return *std::move(end);
  }
  if (!download.volume || download.received_bytes != download.volume->size_bytes) return incomplete(download);
  if (download.digest.finish() != download.volume->sha256) {
    return Error{Code::data_loss,
                 "DIGEST_MISMATCH",
                 "The voxels of volume " + name + " are not what its digest says. Download it again.",
                 {{"volume", name}}};
  }
  return *std::move(download.volume);
}

}  // namespace

Result<Image> Host::download(const std::string& volume, const TransferOptions& options) const {
  Buffer voxels;
  const Place place = [&voxels](const Volume& found) -> Result<MutableBytes> {
    const auto size = static_cast<std::size_t>(found.size_bytes);
    voxels = Buffer(size);
    if (voxels.size() == size) return voxels.view();
    return Error{Code::resource_exhausted,
                 "OUT_OF_MEMORY",
                 "There is no memory here for the " + std::to_string(found.size_bytes) + " bytes of volume " + found.name + ".",
                 {{"volume", found.name}}};
  };
  auto found = read_whole(*connection_, volume, place, options);
  if (!found) return found.error();
  return Image{std::move(found->header), std::move(voxels)};
}

Result<Volume> Host::download_into(const std::string& volume, MutableBytes destination, const TransferOptions& options) const {
  const Place place = [destination](const Volume& found) -> Result<MutableBytes> {
    if (static_cast<std::int64_t>(destination.size()) == found.size_bytes) return destination;
    return invalid_field("destination", std::to_string(destination.size()) + " bytes",
                         std::to_string(found.size_bytes) + " bytes, as the volume has");
  };
  return read_whole(*connection_, volume, place, options);
}

}  // namespace voxhost
