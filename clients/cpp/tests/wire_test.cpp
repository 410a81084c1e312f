// Chunks as this client writes and reads them by hand, beside protobuf's own classes; a status and its details.
#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>

#include "chunk_wire.h"
#include "digest.h"
#include "errors.h"
#include "from_wire.h"
#include "status_details.pb.h"

using namespace voxhost;

namespace {

std::vector<std::byte> counting(std::size_t size) {
  std::vector<std::byte> bytes(size);
  for (std::size_t index = 0; index < size; ++index) bytes[index] = static_cast<std::byte>(index * 31 + 7);
  return bytes;
}

std::string flat(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  REQUIRE(buffer.Dump(&slices).ok());
  std::string bytes;
  for (const auto& slice : slices) bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  return bytes;
}

/// The same bytes in slices of `size`, as a socket delivers them.
grpc::ByteBuffer in_pieces(const std::string& bytes, std::size_t size) {
  std::vector<grpc::Slice> slices;
  for (std::size_t at = 0; at < bytes.size(); at += size) slices.emplace_back(bytes.substr(at, size));
  return {slices.data(), slices.size()};
}

}  // namespace

TEST_CASE("a chunk written by hand is the message that protobuf writes, to the byte") {
  for (const std::int64_t offset : {std::int64_t{0}, std::int64_t{1}, std::int64_t{1} << 20, std::int64_t{1} << 45}) {
    for (const std::size_t size : {std::size_t{1}, std::size_t{127}, std::size_t{128}, std::size_t{1} << 20}) {
      const auto voxels = counting(size);
      v1::WriteVolumeRequest expected;
      expected.mutable_chunk()->set_offset_bytes(offset);
      expected.mutable_chunk()->set_data(voxels.data(), voxels.size());
      CHECK(flat(serialize_chunk(offset, bytes_of(reinterpret_cast<const unsigned char*>(voxels.data()), size))) ==
            expected.SerializeAsString());
    }
  }
}

TEST_CASE("a chunk that protobuf wrote is read, in slices of any size, to where it belongs") {
  const auto voxels = counting(1000);
  v1::ReadVolumeResponse message;
  message.mutable_chunk()->set_offset_bytes(70'000);
  message.mutable_chunk()->set_data(voxels.data(), voxels.size());
  const std::string wire = message.SerializeAsString();
  for (const std::size_t size : {std::size_t{1}, std::size_t{7}, std::size_t{999}, std::size_t{5000}}) {
    std::vector<std::byte> place(1000);
    const auto read = parse_read_message(in_pieces(wire, size), {place.data(), place.size()});
    REQUIRE(read);
    CHECK(read->has_chunk);
    CHECK(read->offset_bytes == 70'000);
    CHECK(read->size_bytes == 1000);
    CHECK(place == voxels);
  }
}

TEST_CASE("the first message of a download is the volume") {
  v1::ReadVolumeResponse message;
  message.mutable_volume()->set_name("a");
  message.mutable_volume()->mutable_header()->add_sizes(3);
  const auto read = parse_read_message(in_pieces(message.SerializeAsString(), 2), {});
  REQUIRE(read);
  CHECK(read->volume->name() == "a");
  CHECK_FALSE(read->has_chunk);
}

TEST_CASE("fields that this revision does not know are passed over") {
  v1::ReadVolumeResponse message;
  message.mutable_chunk()->set_data("abcd");
  std::string wire = message.SerializeAsString();
  wire += std::string("\xFA\x01\x02hi", 5);  // Field 31, two bytes.
  std::vector<std::byte> place(4);
  const auto read = parse_read_message(in_pieces(wire, 100), {place.data(), place.size()});
  REQUIRE(read);
  CHECK(read->size_bytes == 4);
}

TEST_CASE("what is cut, too large for its place or no message is refused") {
  v1::ReadVolumeResponse message;
  message.mutable_chunk()->set_offset_bytes(5);
  message.mutable_chunk()->set_data("abcdefgh");
  const std::string wire = message.SerializeAsString();
  std::vector<std::byte> place(8);
  const MutableBytes whole(place.data(), place.size());
  REQUIRE(parse_read_message(in_pieces(wire, 3), whole));
  CHECK_FALSE(parse_read_message(in_pieces(wire, 3), {place.data(), 7}));
  for (std::size_t size = 1; size < wire.size(); ++size) {
    CHECK_FALSE(parse_read_message(in_pieces(wire.substr(0, size), 3), whole));
  }
  CHECK_FALSE(parse_read_message(in_pieces(std::string(20, '\xFF'), 3), whole));
}

TEST_CASE("SHA-256 of bytes in parts is that of FIPS 180-2's example") {
  Sha256 digest;
  const std::string text = "abc";
  digest.update(bytes_of(text.data(), 1));
  digest.update(bytes_of(text.data() + 1, 2));
  CHECK(digest.finish() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("an error has the reason and the metadata of google.rpc.ErrorInfo") {
  client::v1::StatusDetails details;
  client::v1::ErrorDetail info;
  info.set_reason("VOLUME_NOT_FOUND");
  (*info.mutable_metadata())["id"] = "x";
  auto* any = details.add_details();
  any->set_type_url("type.googleapis.com/google.rpc.ErrorInfo");
  any->set_value(info.SerializeAsString());
  const Error error = from_status({grpc::NOT_FOUND, "No volume.", details.SerializeAsString()}, "h:1");
  CHECK(error.code == Code::not_found);
  CHECK(error.reason == "VOLUME_NOT_FOUND");
  CHECK(error.message == "No volume.");
  CHECK(error.metadata.at("id") == "x");
}

TEST_CASE("a status without details, or with broken ones, says what gRPC said and where") {
  const Error gone = from_status({grpc::UNAVAILABLE, "Connection refused", "\xFF\xFF"}, "h:1");
  CHECK(gone.reason == "HOST_UNAVAILABLE");
  CHECK(gone.message == "No host answers at h:1: nothing listens there. Is the host running?");
  CHECK(from_status({grpc::UNIMPLEMENTED, ""}, "h:1").reason == "UNIMPLEMENTED");
  CHECK(from_status({grpc::UNKNOWN, "boom"}, "h:1").reason == "INTERNAL");
}
