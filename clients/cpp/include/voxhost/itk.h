// ITK's images as this library's views, and back. ITK's frame is LPS, as the protocol's: only the matrix is put together.
// For programs that have ITK 5; the library itself does not need it.
#pragma once

#include <itkImage.h>
#include <itkImportImageContainer.h>

#include <cmath>
#include <cstring>
#include <string>

#include "voxhost/volume.h"

namespace voxhost {

/// Sizes and geometry of an ITK image of 2 or 3 axes, whose pixels are numbers.
template <class Pixel, unsigned int Axes>
VolumeHeader header_of(const itk::Image<Pixel, Axes>& image) {
  static_assert(Axes == 2 || Axes == 3, "2 or 3 axes have a place in space");
  VolumeHeader header;
  header.component_type = component_type_of<Pixel>();
  for (unsigned int axis = 0; axis < Axes; ++axis) {
    header.sizes.push_back(static_cast<std::int64_t>(image.GetBufferedRegion().GetSize(axis)));
    for (unsigned int row = 0; row < Axes; ++row) {
      header.index_to_world_lps[4 * row + axis] = image.GetDirection()(row, axis) * image.GetSpacing()[axis];
    }
    header.index_to_world_lps[4 * axis + 3] = image.GetOrigin()[axis];
  }
  return header;
}

/// An ITK image without a copy of its pixels: it must live for as long as the view is used.
template <class Pixel, unsigned int Axes>
ImageView view_of(const itk::Image<Pixel, Axes>& image) {
  return {header_of(image), bytes_of(image.GetBufferPointer(), image.GetPixelContainer()->Size())};
}

/// An ITK image with the voxels of a downloaded one, copied.
/// Reasons: INVALID_FIELD when it has other axes, another component type or several components.
template <class Pixel, unsigned int Axes = 3>
Result<typename itk::Image<Pixel, Axes>::Pointer> itk_image_of(const Image& from) {
  using ItkImage = itk::Image<Pixel, Axes>;
  const auto pixels = from.as<Pixel>();
  if (!pixels) return pixels.error();
  if (from.header.sizes.size() != Axes || from.header.components != 1) {
    return Error{Code::invalid_argument,
                 "INVALID_FIELD",
                 "The volume has " + std::to_string(from.header.sizes.size()) + " axes and " +
                     std::to_string(from.header.components) + " components; expected: " + std::to_string(Axes) + " axes and 1 component.",
                 {{"field", "sizes"}}};
  }
  typename ItkImage::SizeType sizes;
  typename ItkImage::SpacingType spacing;
  typename ItkImage::PointType origin;
  typename ItkImage::DirectionType direction;
  const auto& matrix = from.header.index_to_world_lps;
  for (unsigned int axis = 0; axis < Axes; ++axis) {
    sizes[axis] = static_cast<itk::SizeValueType>(from.header.sizes[axis]);
    double squares = 0;
    for (unsigned int row = 0; row < Axes; ++row) squares += matrix[4 * row + axis] * matrix[4 * row + axis];
    spacing[axis] = std::sqrt(squares);
    for (unsigned int row = 0; row < Axes; ++row) direction(row, axis) = matrix[4 * row + axis] / spacing[axis];
    origin[axis] = matrix[4 * axis + 3];
  }
  auto image = ItkImage::New();
  image->SetRegions(typename ItkImage::RegionType(sizes));
  image->SetSpacing(spacing);
  image->SetOrigin(origin);
  image->SetDirection(direction);
  image->Allocate();
  std::memcpy(image->GetBufferPointer(), pixels->data(), from.voxels.size());
  return image;
}

}  // namespace voxhost
