// The client beside bare gRPC C++, to the same host, by turns in one run: ratios, not seconds.
//
//   voxhost-throughput HOST:PORT [MEBIBYTES] [ROUNDS]
//
// Bare: the generated stubs as protoc's plugin makes them, 1 MiB chunks, SHA-256 in the same loop, gRPC's own settings.
#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <random>
#include <vector>

#include "digest.h"
#include "from_wire.h"
#include "voxhost/v1/volume_service.grpc.pb.h"
#include "voxhost/voxhost.h"

namespace {

constexpr std::size_t mebibyte = 1 << 20;

[[noreturn]] void fail(const std::string& what) {
  std::fprintf(stderr, "%s\n", what.c_str());
  std::exit(1);
}

class Bare {
 public:
  explicit Bare(const std::string& address) {
    grpc::ChannelArguments arguments;
    arguments.SetMaxReceiveMessageSize(16 << 20);
    stub_ = voxhost::v1::VolumeService::NewStub(
        grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments));
  }

  std::string upload(const voxhost::ImageView& image) {
    grpc::ClientContext context;
    voxhost::v1::WriteVolumeResponse response;
    const auto writer = stub_->WriteVolume(&context, &response);
    voxhost::v1::WriteVolumeRequest request;
    *request.mutable_header()->mutable_header() = voxhost::to_wire(image.header);
    writer->Write(request);
    voxhost::Sha256 digest;
    for (std::size_t at = 0; at < image.voxels.size(); at += mebibyte) {
      const voxhost::Bytes part = image.voxels.part(at, std::min(mebibyte, image.voxels.size() - at));
      digest.update(part);
      request.mutable_chunk()->set_offset_bytes(static_cast<std::int64_t>(at));
      request.mutable_chunk()->set_data(part.data(), part.size());
      writer->Write(request);
    }
    request.mutable_finish()->set_size_bytes(static_cast<std::int64_t>(image.voxels.size()));
    request.mutable_finish()->set_sha256(digest.finish());
    writer->Write(request);
    writer->WritesDone();
    const grpc::Status status = writer->Finish();
    if (!status.ok()) fail(status.error_message());
    return response.volume().name();
  }

  std::vector<std::byte> download(const std::string& name) {
    grpc::ClientContext context;
    voxhost::v1::ReadVolumeRequest request;
    request.set_name(name);
    const auto reader = stub_->ReadVolume(&context, request);
    voxhost::v1::ReadVolumeResponse message;
    std::vector<std::byte> voxels;
    voxhost::Sha256 digest;
    std::string expected;
    while (reader->Read(&message)) {
      if (message.has_volume()) {
        expected = message.volume().sha256();
        voxels.reserve(static_cast<std::size_t>(message.volume().size_bytes()));
      } else {
        const auto bytes = voxhost::bytes_of(message.chunk().data().data(), message.chunk().data().size());
        digest.update(bytes);
        voxels.insert(voxels.end(), bytes.begin(), bytes.end());
      }
    }
    const grpc::Status status = reader->Finish();
    if (!status.ok()) fail(status.error_message());
    if (digest.finish() != expected) fail("bare: other voxels came back");
    return voxels;
  }

  void remove(const std::string& name) {
    grpc::ClientContext context;
    voxhost::v1::DeleteVolumeRequest request;
    request.set_name(name);
    google::protobuf::Empty nothing;
    const grpc::Status status = stub_->DeleteVolume(&context, request, &nothing);
    if (!status.ok()) fail(status.error_message());
  }

 private:
  std::unique_ptr<voxhost::v1::VolumeService::Stub> stub_;
};

double seconds(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace

int main(int count, char** words) {
  if (count < 2) fail("Usage: voxhost-throughput HOST:PORT [MEBIBYTES] [ROUNDS]");
  const std::size_t mebibytes = count > 2 ? std::strtoul(words[2], nullptr, 10) : 1024;
  const int rounds = count > 3 ? std::atoi(words[3]) : 5;
  auto host = voxhost::Host::connect(words[1]);
  if (!host) fail(host.error().message);
  Bare bare(words[1]);
  std::vector<std::uint64_t> voxels(mebibytes * mebibyte / 8);
  std::mt19937_64 numbers(std::random_device{}());
  std::generate(voxels.begin(), voxels.end(), std::ref(numbers));
  voxhost::VolumeHeader header;
  header.sizes = {1024, 1024, static_cast<std::int64_t>(mebibytes)};

  std::vector<double> up, bare_up, down, bare_down;
  for (int turn = 0; turn < 2 * rounds; ++turn) {
    voxels[0] = numbers();  // Another image: the host knows those that it has.
    const voxhost::ImageView image(header, voxhost::bytes_of(voxels));
    std::string name;
    if (turn % 2 == 0) {
      up.push_back(seconds([&] {
        auto volume = host->upload(image);
        if (!volume) fail(volume.error().message);
        name = volume->name;
      }));
      down.push_back(seconds([&] {
        const auto back = host->download(name);
        if (!back) fail(back.error().message);
      }));
    } else {
      bare_up.push_back(seconds([&] { name = bare.upload(image); }));
      bare_down.push_back(seconds([&] { static_cast<void>(bare.download(name)); }));
    }
    bare.remove(name);  // Each upload meets the same host: one that has nothing.
  }
  const double size = static_cast<double>(mebibytes);
  const auto speed = [&](const std::vector<double>& times) { return size / median(times); };
  std::fprintf(stderr, "up %.0f MiB/s beside %.0f, down %.0f beside %.0f\n", speed(up), speed(bare_up), speed(down),
               speed(bare_down));
  std::printf("{\"up\": %.2f, \"down\": %.2f}\n", median(bare_up) / median(up), median(bare_down) / median(down));
}
