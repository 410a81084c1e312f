// MetaImage files (.mha), which ITK, 3D Slicer and SimpleITK read and write: one file, not compressed, little-endian.
#pragma once

#include <string>

#include "voxhost/volume.h"

/// Reasons: INVALID_FIELD naming the file and the header's field.
voxhost::Result<voxhost::Image> read_meta_image(const std::string& file);

/// @returns code `ok`, or what kept the file from being written. A file that is not whole is removed.
voxhost::Error write_meta_image(const std::string& file, const voxhost::Image& image);
