// Uploads: nothing is sent that the host has; a lost connection goes on from the byte that is safe.
#include "upload.h"

#include <algorithm>
#include <atomic>
#include <future>
#include <random>

#include "chunk_wire.h"
#include "digest.h"
#include "from_wire.h"
#include "raw_stream.h"

namespace voxhost {
namespace {

/// A good size on loopback and on slow links alike; a multiple of every component's bytes.
constexpr std::int64_t preferred_chunk_bytes = 1 << 20;

/// Hashing a smaller image takes no time worth saving.
constexpr std::int64_t hashed_beside_bytes = 4 << 20;

/// The digest of voxels, made by a thread of its own while they are sent. Destroying it ends the thread's work.
class DigestBeside {
 public:
  // Where no thread is to be had, the digest is made when it is asked for.
  explicit DigestBeside(Bytes voxels)
      : digest_(std::async(std::launch::async | std::launch::deferred, [this, voxels] { return hash(voxels); }).share()) {}
  ~DigestBeside() { is_abandoned_ = true; }

  std::string wait() const { return digest_.get(); }

 private:
  std::string hash(Bytes voxels) const {
    constexpr std::size_t step = 1 << 20;
    Sha256 digest;
    for (std::size_t at = 0; at < voxels.size() && !is_abandoned_; at += step) {
      digest.update(voxels.part(at, std::min(step, voxels.size() - at)));
    }
    return digest.finish();
  }

  std::atomic<bool> is_abandoned_{false};
  std::shared_future<std::string> digest_;  // The last: its end waits for the thread.
};

/// One upload: what is sent, under which id, and how far the host has it.
struct Upload {
  const ImageView& image;
  std::string id;
  /// Waits for the digest, which the last message needs.
  std::function<std::string()> sha256;
  std::int64_t committed_bytes = 0;
};

std::int64_t chunk_bytes(const Limits& limits) {
  const std::int64_t most = limits.max_chunk_bytes;
  return most > 0 ? std::min(preferred_chunk_bytes, std::max<std::int64_t>(8, most - most % 8)) : preferred_chunk_bytes;
}

/// The host went on writing after it was asked, or was started anew: ask again.
bool is_offset_refused(const Error& error) {
  const auto field = error.metadata.find("field");
  return field != error.metadata.end() && field->second == "chunk.offset_bytes";
}

/// Sends header, chunks from the committed byte on, and finish.
Result<Volume> write(const Connection& connection, const Limit& limit, const Upload& upload, const OnBytes& on_bytes) {
  Attempt attempt(connection, limit);
  RawStream stream(*connection.raw, attempt.context, "/voxhost.v1.VolumeService/WriteVolume");
  const Bytes voxels = upload.image.voxels;
  const auto total = static_cast<std::int64_t>(voxels.size());
  const std::int64_t step = chunk_bytes(connection.info.limits);

  v1::WriteVolumeRequest request;
  request.mutable_header()->set_upload_id(upload.id);
  *request.mutable_header()->mutable_header() = to_wire(upload.image.header);
  bool is_open = stream.write(serialize(request));
  for (std::int64_t start = upload.committed_bytes; is_open && start < total; start += step) {
    const std::int64_t size = std::min(step, total - start);
    is_open = stream.write(serialize_chunk(start, voxels.part(static_cast<std::size_t>(start), static_cast<std::size_t>(size))));
    if (!is_open) break;
    Error thrown = guarded(on_bytes, TransferProgress{start + size, total});
    if (thrown.code != Code::ok) return thrown;
  }
  if (is_open) {
    request.mutable_finish()->set_size_bytes(total);
    request.mutable_finish()->set_sha256(upload.sha256());
    stream.write_last(serialize(request));
  }
  // A write that failed has its reason in the status.
  grpc::ByteBuffer answer;
  const bool is_answered = is_open && stream.read(&answer);
  const grpc::Status status = stream.finish();
  if (!status.ok()) return attempt.explain(status);
  v1::WriteVolumeResponse response;
  if (!is_answered || !parse(answer, &response)) {
    return Error{Code::unavailable, "HOST_UNAVAILABLE", "The host ended the upload without an answer.", {}};
  }
  return from_wire(response.volume());
}

/// How far the host is with an upload.
Result<v1::QueryWriteResponse> query(const Connection& connection, const Limit& limit, const std::string& id) {
  v1::QueryWriteRequest request;
  request.set_upload_id(id);
  v1::QueryWriteResponse response;
  Attempt attempt(connection, limit);
  const grpc::Status status = connection.volumes->QueryWrite(&attempt.context, request, &response);
  if (status.ok()) return response;
  Error error = attempt.explain(status);
  // The host has lost it, or never had it: from the start.
  if (error.code == Code::not_found) return v1::QueryWriteResponse();
  return error;
}

Result<Volume> write_patiently(const Connection& connection, const Limit& limit, Upload& upload, const OnBytes& on_bytes) {
  Patience patience;
  for (;;) {
    auto volume = write(connection, limit, upload, on_bytes);
    if (volume) return volume;
    const Error& error = volume.error();
    const bool can_go_on = is_lost_connection(error) || (upload.committed_bytes > 0 && is_offset_refused(error));
    if (!can_go_on) return error;
    if (auto end = patience.wait_after(error, limit)) return *std::move(end);
    const auto state = query(connection, limit, upload.id);
    if (!state) {
      if (is_lost_connection(state.error())) continue;
      return state.error();
    }
    if (state->has_volume()) return from_wire(state->volume());
    if (state->committed_bytes() > upload.committed_bytes) patience.renew();
    upload.committed_bytes = std::min<std::int64_t>(state->committed_bytes(), static_cast<std::int64_t>(upload.image.voxels.size()));
  }
}

/// Whether the host holds fewer bytes than a large image has: then it is sent unasked, and hashed meanwhile.
Result<bool> cannot_be_there(const Connection& connection, const Limit& limit, std::int64_t total) {
  if (total < hashed_beside_bytes) return false;
  const auto info = ask<v1::HostInfo>(connection, limit, [&](grpc::ClientContext* context, v1::HostInfo* response) {
    return connection.host->GetHostInfo(context, {}, response);
  });
  if (!info) return info.error();
  return info->limits().store_used_bytes() < total;
}

/// The volume of these voxels, when the host has it.
Result<std::optional<Volume>> find(const Connection& connection, const Limit& limit, const VolumeHeader& header,
                                   const std::string& sha256) {
  v1::FindMissingVolumesRequest request;
  auto* key = request.add_keys();
  *key->mutable_header() = to_wire(header);
  key->set_sha256(sha256);
  const auto found =
      ask<v1::FindMissingVolumesResponse>(connection, limit, [&](grpc::ClientContext* context, v1::FindMissingVolumesResponse* response) {
        return connection.volumes->FindMissingVolumes(context, request, response);
      });
  if (!found) return found.error();
  if (found->present_size() == 0) return std::optional<Volume>();
  return std::optional<Volume>(from_wire(found->present(0)));
}

}  // namespace

std::string random_id() {
  static constexpr const char* digits = "0123456789abcdef";
  std::random_device source;
  std::uniform_int_distribution<int> digit(0, 15);
  std::string id;
  for (int count = 0; count < 32; ++count) id += digits[digit(source)];
  return id;
}

Result<Volume> upload_image(const Connection& connection, const Limit& limit, const ImageView& image, const OnBytes& on_bytes) {
  const auto total = static_cast<std::int64_t>(image.voxels.size());
  if (image.header.size_bytes() != total) {
    return invalid_field("voxels", std::to_string(total) + " bytes",
                         std::to_string(image.header.size_bytes()) + " bytes, as the header says");
  }
  const auto is_beside = cannot_be_there(connection, limit, total);
  if (!is_beside) return is_beside.error();
  if (*is_beside) {
    const DigestBeside beside(image.voxels);
    Upload upload{image, random_id(), [&beside] { return beside.wait(); }, 0};
    return write_patiently(connection, limit, upload, on_bytes);
  }
  Sha256 digest;
  digest.update(image.voxels);
  const std::string sha256 = digest.finish();
  const auto present = find(connection, limit, image.header, sha256);
  if (!present) return present.error();
  if (!*present) {
    Upload upload{image, random_id(), [&sha256] { return sha256; }, 0};
    return write_patiently(connection, limit, upload, on_bytes);
  }
  Error thrown = guarded(on_bytes, TransferProgress{total, total});
  if (thrown.code != Code::ok) return thrown;
  return **present;
}

Result<Volume> Host::upload(const ImageView& image, const TransferOptions& options) const {
  return upload_image(*connection_, Limit(options), image, options.on_progress);
}

}  // namespace voxhost
