// The wire format of chunks by hand: protobuf's own classes hold the voxels in a string, which is a copy more.
#include "chunk_wire.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>
#include <grpcpp/support/proto_buffer_reader.h>

#include <cstring>

namespace voxhost {
namespace {

using google::protobuf::io::CodedInputStream;
using google::protobuf::io::CodedOutputStream;
using Wire = google::protobuf::internal::WireFormatLite;

constexpr std::uint8_t varint_tag(int field) { return static_cast<std::uint8_t>(field << 3); }
constexpr std::uint8_t bytes_tag(int field) { return static_cast<std::uint8_t>(field << 3 | 2); }

/// Reads the fields of a VolumeChunk up to the stream's limit.
bool parse_chunk(CodedInputStream& stream, MutableBytes destination, ReadMessage* message) {
  for (std::uint32_t tag = stream.ReadTag(); tag != 0; tag = stream.ReadTag()) {
    std::uint32_t size = 0;
    std::uint64_t number = 0;
    if (tag == bytes_tag(v1::VolumeChunk::kDataFieldNumber)) {
      if (!stream.ReadVarint32(&size) || size > destination.size()) return false;
      if (!stream.ReadRaw(destination.data(), static_cast<int>(size))) return false;
      message->size_bytes = size;
    } else if (tag == varint_tag(v1::VolumeChunk::kOffsetBytesFieldNumber)) {
      if (!stream.ReadVarint64(&number)) return false;
      message->offset_bytes = static_cast<std::int64_t>(number);
    } else if (tag == varint_tag(v1::VolumeChunk::kEncodingFieldNumber)) {
      if (!stream.ReadVarint64(&number)) return false;
      message->encoding = static_cast<int>(number);
    } else if (!Wire::SkipField(&stream, tag)) {
      return false;
    }
  }
  return stream.BytesUntilLimit() == 0;
}

}  // namespace

grpc::ByteBuffer serialize(const google::protobuf::MessageLite& message) {
  const std::size_t size = message.ByteSizeLong();
  grpc::Slice slice(size);
  message.SerializeWithCachedSizesToArray(const_cast<std::uint8_t*>(slice.begin()));
  return {&slice, 1};
}

bool parse(const grpc::ByteBuffer& bytes, google::protobuf::MessageLite* message) {
  grpc::ByteBuffer readable(bytes);  // A reference: the bytes themselves are shared.
  grpc::ProtoBufferReader reader(&readable);
  return message->ParseFromZeroCopyStream(&reader) && reader.status().ok();
}

grpc::ByteBuffer serialize_chunk(std::int64_t offset_bytes, Bytes voxels) {
  const auto offset = static_cast<std::uint64_t>(offset_bytes);
  const auto data_size = static_cast<std::uint32_t>(voxels.size());
  const std::size_t offset_size = offset == 0 ? 0 : 1 + CodedOutputStream::VarintSize64(offset);
  const std::size_t chunk_size = offset_size + 1 + CodedOutputStream::VarintSize32(data_size) + data_size;
  const std::size_t size = 1 + CodedOutputStream::VarintSize32(static_cast<std::uint32_t>(chunk_size)) + chunk_size;

  grpc::Slice slice(size);
  // A new slice is nobody else's yet.
  auto* at = const_cast<std::uint8_t*>(slice.begin());
  *at++ = bytes_tag(v1::WriteVolumeRequest::kChunkFieldNumber);
  at = CodedOutputStream::WriteVarint32ToArray(static_cast<std::uint32_t>(chunk_size), at);
  if (offset != 0) {
    *at++ = varint_tag(v1::VolumeChunk::kOffsetBytesFieldNumber);
    at = CodedOutputStream::WriteVarint64ToArray(offset, at);
  }
  *at++ = bytes_tag(v1::VolumeChunk::kDataFieldNumber);
  at = CodedOutputStream::WriteVarint32ToArray(data_size, at);
  if (data_size > 0) std::memcpy(at, voxels.data(), data_size);
  return {&slice, 1};
}

std::optional<ReadMessage> parse_read_message(const grpc::ByteBuffer& bytes, MutableBytes destination) {
  grpc::ByteBuffer readable(bytes);
  grpc::ProtoBufferReader reader(&readable);
  if (!reader.status().ok()) return std::nullopt;
  CodedInputStream stream(&reader);
  ReadMessage message;
  for (std::uint32_t tag = stream.ReadTag(); tag != 0; tag = stream.ReadTag()) {
    const bool is_volume = tag == bytes_tag(v1::ReadVolumeResponse::kVolumeFieldNumber);
    const bool is_chunk = tag == bytes_tag(v1::ReadVolumeResponse::kChunkFieldNumber);
    if (!is_volume && !is_chunk) {
      if (!Wire::SkipField(&stream, tag)) return std::nullopt;
      continue;
    }
    int size = 0;
    if (!stream.ReadVarintSizeAsInt(&size)) return std::nullopt;
    const auto limit = stream.PushLimit(size);
    if (is_volume) {
      v1::Volume volume;
      if (!volume.MergeFromCodedStream(&stream)) return std::nullopt;
      message.volume = std::move(volume);
    } else {
      message.has_chunk = true;
      if (!parse_chunk(stream, destination, &message)) return std::nullopt;
    }
    if (stream.BytesUntilLimit() != 0) return std::nullopt;
    stream.PopLimit(limit);
  }
  return stream.ConsumedEntireMessage() ? std::optional(std::move(message)) : std::nullopt;
}

}  // namespace voxhost
