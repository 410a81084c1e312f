// WriteVolumeRequest and ReadVolumeResponse, whose chunks are voxels: written and read with one copy.
#pragma once

#include <google/protobuf/message_lite.h>
#include <grpcpp/support/byte_buffer.h>

#include <cstdint>
#include <optional>

#include "voxhost/view.h"
#include "voxhost/v1/volume_service.pb.h"

namespace voxhost {

/// Any message, for RawStream.
grpc::ByteBuffer serialize(const google::protobuf::MessageLite& message);

/// Reads any message. @returns false when the bytes are none.
bool parse(const grpc::ByteBuffer& bytes, google::protobuf::MessageLite* message);

/// A WriteVolumeRequest with a plain chunk. The voxels are copied once, into the buffer that goes to the socket.
grpc::ByteBuffer serialize_chunk(std::int64_t offset_bytes, Bytes voxels);

/// A ReadVolumeResponse as it was read.
struct ReadMessage {
  std::optional<v1::Volume> volume;
  bool has_chunk = false;
  std::int64_t offset_bytes = 0;
  /// Bytes of voxels that were put at the destination's start.
  std::int64_t size_bytes = 0;
  int encoding = 0;
};

/// Reads a ReadVolumeResponse. A chunk's voxels are copied once, to the start of `destination`.
/// @returns nothing when the bytes are no such message, or when the chunk is larger than the destination.
std::optional<ReadMessage> parse_read_message(const grpc::ByteBuffer& bytes, MutableBytes destination);

}  // namespace voxhost
