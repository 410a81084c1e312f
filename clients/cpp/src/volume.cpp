// Sizes and names of component types, sizes of volumes, memory for voxels.
#include "voxhost/volume.h"

#include <limits>
#include <new>

#include "errors.h"

namespace voxhost {

std::size_t size_of(ComponentType type) noexcept {
  switch (type) {
    case ComponentType::uint8:
    case ComponentType::int8:
      return 1;
    case ComponentType::uint16:
    case ComponentType::int16:
      return 2;
    case ComponentType::uint32:
    case ComponentType::int32:
    case ComponentType::float32:
      return 4;
    case ComponentType::uint64:
    case ComponentType::int64:
    case ComponentType::float64:
      return 8;
  }
  return 0;
}

const char* name_of(ComponentType type) noexcept {
  static constexpr const char* names[] = {"uint8",  "int8",   "uint16", "int16",   "uint32",
                                          "int32",  "uint64", "int64",  "float32", "float64"};
  return size_of(type) == 0 ? "none" : names[static_cast<int>(type) - 1];
}

std::int64_t VolumeHeader::size_bytes() const noexcept {
  std::int64_t bytes = static_cast<std::int64_t>(size_of(component_type)) * (components < 1 ? 1 : components);
  for (const std::int64_t size : sizes) {
    if (size < 1 || bytes > std::numeric_limits<std::int64_t>::max() / size) return 0;
    bytes *= size;
  }
  return bytes;
}

Buffer::Buffer(std::size_t size) noexcept : data_(new (std::nothrow) std::byte[size]), size_(data_ ? size : 0) {}

Error Image::other_type(ComponentType asked) const {
  return invalid_field("component_type", name_of(asked), std::string(name_of(header.component_type)) + ", as the header says");
}

}  // namespace voxhost
