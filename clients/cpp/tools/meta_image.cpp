// MetaImage's frame is LPS, as the protocol's: the matrix is its directions times its spacing.
#include "meta_image.h"

#include <cmath>
#include <cstdio>
#include <fstream>
#include <map>
#include <sstream>

namespace {

using voxhost::ComponentType;
using voxhost::Error;

constexpr const char* type_names[] = {"MET_UCHAR", "MET_CHAR",       "MET_USHORT",   "MET_SHORT", "MET_UINT",
                                      "MET_INT",   "MET_ULONG_LONG", "MET_LONG_LONG", "MET_FLOAT", "MET_DOUBLE"};

Error refuse(const std::string& file, const std::string& field, const std::string& came, const std::string& expected) {
  return {voxhost::Code::invalid_argument,
          "INVALID_FIELD",
          file + ": " + field + " is \"" + came + "\"; expected: " + expected + ".",
          {{"field", field}, {"value", came}, {"expected", expected}}};
}

/// As many numbers as a field has.
template <class T>
std::vector<T> numbers(const std::string& text) {
  std::istringstream stream(text);
  std::vector<T> all;
  for (T number; stream >> number;) all.push_back(number);
  return all;
}

/// `Key = value` lines up to ElementDataFile, behind which the voxels are.
std::map<std::string, std::string> read_fields(std::istream& stream) {
  std::map<std::string, std::string> fields;
  for (std::string line; fields.count("ElementDataFile") == 0 && fields.size() < 100 && std::getline(stream, line);) {
    const auto equals = line.find('=');
    if (equals == std::string::npos) break;
    const auto trimmed = [](const std::string& text) {
      const auto first = text.find_first_not_of(" \t\r");
      return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
    };
    fields[trimmed(line.substr(0, equals))] = trimmed(line.substr(equals + 1));
  }
  return fields;
}

}  // namespace

voxhost::Result<voxhost::Image> read_meta_image(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return refuse(file, "file", "none", "a file that can be read");
  const auto fields = read_fields(stream);
  const auto field = [&](const char* name) {
    const auto found = fields.find(name);
    return found == fields.end() ? std::string() : found->second;
  };
  if (field("ElementDataFile") != "LOCAL") return refuse(file, "ElementDataFile", field("ElementDataFile"), "LOCAL, a .mha file");
  if (field("CompressedData") == "True") return refuse(file, "CompressedData", "True", "False: write it without compression");
  if (field("BinaryDataByteOrderMSB") == "True") return refuse(file, "BinaryDataByteOrderMSB", "True", "False");

  voxhost::Image image;
  image.header.sizes = numbers<std::int64_t>(field("DimSize"));
  const std::size_t axes = image.header.sizes.size();
  if (axes < 2 || axes > 4) return refuse(file, "DimSize", field("DimSize"), "2 to 4 sizes");
  std::size_t type = 0;
  while (type < std::size(type_names) && field("ElementType") != type_names[type]) ++type;
  if (type == std::size(type_names)) return refuse(file, "ElementType", field("ElementType"), "MET_UCHAR to MET_DOUBLE");
  image.header.component_type = static_cast<ComponentType>(type + 1);
  if (!field("ElementNumberOfChannels").empty()) image.header.components = std::atoi(field("ElementNumberOfChannels").c_str());

  const auto directions = numbers<double>(field("TransformMatrix"));
  const auto spacing = numbers<double>(field("ElementSpacing"));
  const auto offset = numbers<double>(field("Offset"));
  if (directions.size() != axes * axes) return refuse(file, "TransformMatrix", field("TransformMatrix"), "a square of numbers");
  if (spacing.size() != axes) return refuse(file, "ElementSpacing", field("ElementSpacing"), "a number for each axis");
  if (offset.size() != axes) return refuse(file, "Offset", field("Offset"), "a number for each axis");
  for (std::size_t axis = 0; axis < 3 && axis < axes; ++axis) {
    for (std::size_t row = 0; row < 3 && row < axes; ++row) {
      image.header.index_to_world_lps[4 * row + axis] = directions[axes * axis + row] * spacing[axis];
    }
    image.header.index_to_world_lps[4 * axis + 3] = offset[axis];
  }

  const auto size = static_cast<std::size_t>(image.header.size_bytes());
  image.voxels = voxhost::Buffer(size);
  if (size == 0 || image.voxels.size() != size) return refuse(file, "DimSize", field("DimSize"), "sizes that memory can hold");
  stream.read(reinterpret_cast<char*>(image.voxels.data()), static_cast<std::streamsize>(size));
  if (static_cast<std::size_t>(stream.gcount()) != size) {
    return refuse(file, "voxels", std::to_string(stream.gcount()) + " bytes", std::to_string(size) + " bytes, as the header says");
  }
  return image;
}

voxhost::Error write_meta_image(const std::string& file, const voxhost::Image& image) {
  const auto& header = image.header;
  const auto& matrix = header.index_to_world_lps;
  const std::size_t axes = header.sizes.size();
  std::ostringstream sizes, directions, spacings, offset;
  for (auto* stream : {&sizes, &directions, &spacings, &offset}) stream->precision(17);
  for (std::size_t axis = 0; axis < axes; ++axis) {
    const bool is_spatial = axis < 3;
    const double spacing = is_spatial ? std::hypot(matrix[axis], matrix[4 + axis], matrix[8 + axis]) : 1;
    for (std::size_t row = 0; row < axes; ++row) {
      directions << " " << (is_spatial && row < 3 ? matrix[4 * row + axis] / spacing : axis == row ? 1 : 0);
    }
    sizes << " " << header.sizes[axis];
    spacings << " " << spacing;
    offset << " " << (is_spatial ? matrix[4 * axis + 3] : 0);
  }
  std::ofstream stream(file, std::ios::binary);
  stream << "ObjectType = Image\nNDims = " << axes << "\nBinaryData = True\nBinaryDataByteOrderMSB = False\n"
         << "CompressedData = False\nTransformMatrix =" << directions.str() << "\nOffset =" << offset.str()
         << "\nElementSpacing =" << spacings.str() << "\nDimSize =" << sizes.str();
  if (header.components > 1) stream << "\nElementNumberOfChannels = " << header.components;
  stream << "\nElementType = " << type_names[static_cast<int>(header.component_type) - 1] << "\nElementDataFile = LOCAL\n";
  stream.write(reinterpret_cast<const char*>(image.voxels.data()), static_cast<std::streamsize>(image.voxels.size()));
  stream.close();
  if (stream) return {voxhost::Code::ok, {}, {}, {}};
  std::remove(file.c_str());
  return {voxhost::Code::resource_exhausted, "DISK_FULL", file + " could not be written whole: is the disk full, or the folder missing?", {}};
}
