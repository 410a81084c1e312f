// Volumes: what the host has, and images in this program's memory.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "voxhost/result.h"
#include "voxhost/view.h"

namespace voxhost {

/// The types of one component of a voxel, with the protocol's numbers.
enum class ComponentType {
  uint8 = 1,
  int8 = 2,
  uint16 = 3,
  int16 = 4,
  uint32 = 5,
  int32 = 6,
  uint64 = 7,
  int64 = 8,
  float32 = 9,
  float64 = 10,
};

/// Bytes of one component; 0 for what is no component type.
std::size_t size_of(ComponentType type) noexcept;

/// `float32`.
const char* name_of(ComponentType type) noexcept;

/// The component type of a C++ number.
template <class T>
constexpr ComponentType component_type_of() noexcept {
  static_assert(std::is_arithmetic_v<T> && !std::is_same_v<T, bool> && sizeof(T) <= 8, "no component type is like this");
  if constexpr (std::is_floating_point_v<T>) {
    return sizeof(T) == 4 ? ComponentType::float32 : ComponentType::float64;
  } else {
    constexpr int signed_step = std::is_signed_v<T> ? 1 : 0;
    constexpr int width = sizeof(T) == 1 ? 1 : sizeof(T) == 2 ? 3 : sizeof(T) == 4 ? 5 : 7;
    return static_cast<ComponentType>(width + signed_step);
  }
}

/// What a volume's voxels are and where they lie. In memory the first axis (i) is the fastest, a voxel's components lie
/// side by side, and numbers are little-endian.
struct VolumeHeader {
  /// Voxels along i, j, k and, for a series, t: 1 to 4 sizes.
  std::vector<std::int64_t> sizes;
  ComponentType component_type = ComponentType::uint8;
  /// Components a voxel: 1 for a plain image, 3 for RGB.
  int components = 1;
  /// Index to world, a 3×4 matrix by rows: from (i, j, k, 1) to millimetres in LPS, ITK's and DICOM's frame.
  std::array<double, 12> index_to_world_lps{1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0};
  /// As DICOM writes it (`CT`, `MR`); may be empty.
  std::string modality;

  /// Bytes of all voxels; 0 when a size is below 1 or the product is beyond 2⁶³.
  std::int64_t size_bytes() const noexcept;

  friend bool operator==(const VolumeHeader& a, const VolumeHeader& b) {
    return a.sizes == b.sizes && a.component_type == b.component_type && a.components == b.components &&
           a.index_to_world_lps == b.index_to_world_lps && a.modality == b.modality;
  }
};

/// A volume that the host has.
struct Volume {
  /// Its name on this host.
  std::string name;
  VolumeHeader header;
  std::int64_t size_bytes = 0;
  /// SHA-256 of its voxels, 64 lower-case hexadecimal digits.
  std::string sha256;
};

/// Memory for voxels, not filled with anything at first.
class Buffer {
 public:
  Buffer() = default;
  /// Empty when there is not as much memory.
  explicit Buffer(std::size_t size) noexcept;

  std::byte* data() noexcept { return data_.get(); }
  const std::byte* data() const noexcept { return data_.get(); }
  std::size_t size() const noexcept { return size_; }
  Bytes view() const noexcept { return {data_.get(), size_}; }
  MutableBytes view() noexcept { return {data_.get(), size_}; }

 private:
  std::unique_ptr<std::byte[]> data_;
  std::size_t size_ = 0;
};

/// An image in this program's memory, which owns its voxels.
struct Image {
  VolumeHeader header;
  Buffer voxels;

  /// The components as numbers, without a copy. Reasons: INVALID_FIELD when the header says another type.
  template <class T>
  Result<View<const T>> as() const {
    if (header.component_type != component_type_of<T>()) return other_type(component_type_of<T>());
    return View<const T>(reinterpret_cast<const T*>(voxels.data()), voxels.size() / sizeof(T));
  }

 private:
  Error other_type(ComponentType asked) const;
};

/// An image whose voxels somebody else owns, and keeps for as long as this is used.
struct ImageView {
  ImageView(VolumeHeader of, Bytes bytes) : header(std::move(of)), voxels(bytes) {}
  ImageView(const Image& image) : header(image.header), voxels(image.voxels.view()) {}

  VolumeHeader header;
  Bytes voxels;
};

}  // namespace voxhost
