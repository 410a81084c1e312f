// Addresses, headers, values, and MetaImage files.
#include <doctest/doctest.h>

#ifndef _WIN32
#include <sys/resource.h>
#endif

#include <csignal>
#include <cstdio>
#include <fstream>

#include "address.h"
#include "from_wire.h"
#include "meta_image.h"
#include "voxhost/voxhost.h"

using namespace voxhost;

TEST_CASE("addresses are read as people write them") {
  struct Case {
    const char *address, *uri;
    bool is_local;
  };
  for (const auto& [address, uri, is_local] : {
           Case{"127.0.0.1:5000", "dns:///127.0.0.1:5000", true},
           Case{"localhost", "dns:///localhost:50151", true},
           Case{"gpu.example", "dns:///gpu.example:50151", false},
           Case{"127.example:1", "dns:///127.example:1", false},
           Case{"[::1]:7", "dns:///[::1]:7", true},
           Case{"::1", "dns:///[::1]:50151", true},
           Case{"unix:/tmp/a", "unix:/tmp/a", true},
       }) {
    const auto target = parse_address(address);
    REQUIRE_MESSAGE(target, address);
    CHECK(target->uri == uri);
    CHECK(target->is_local == is_local);
  }
  for (const char* wrong : {"", ":1", "a:", "a:0", "a:65536", "a:x", "http://a:1", "[::1", "[::1]x", "a b", "unix:"}) {
    const auto target = parse_address(wrong);
    REQUIRE_MESSAGE(!target, wrong);
    CHECK(target.error().reason == "INVALID_FIELD");
  }
}

TEST_CASE("a header's bytes are its sizes' product, and 0 where there is none") {
  VolumeHeader header;
  header.sizes = {2, 3, 4};
  header.components = 3;
  header.component_type = ComponentType::float64;
  CHECK(header.size_bytes() == 2 * 3 * 4 * 3 * 8);
  header.sizes = {std::int64_t{1} << 40, std::int64_t{1} << 40};
  CHECK(header.size_bytes() == 0);
  header.sizes = {2, -3};
  CHECK(header.size_bytes() == 0);
  CHECK(component_type_of<unsigned short>() == ComponentType::uint16);
  CHECK(component_type_of<float>() == ComponentType::float32);
  CHECK(size_of(component_type_of<long long>()) == 8);
}

TEST_CASE("an image's numbers are looked at in the header's type only") {
  Image image;
  image.header.sizes = {3};
  image.header.component_type = ComponentType::int16;
  image.voxels = Buffer(6);
  CHECK(image.as<std::int16_t>()->size() == 3);
  const auto other = image.as<float>();
  REQUIRE_FALSE(other);
  CHECK(other.error().metadata.at("field") == "component_type");
}

TEST_CASE("values keep their type on the wire and back") {
  for (const Value& value : {Value(true), Value(3), Value(0.25), Value("words"), Value()}) {
    CHECK(from_wire(to_wire(value)) == value);
  }
  CHECK(Value("true").text() != nullptr);
  CHECK(Value(0.25).to_string() == "0.25");
}

TEST_CASE("a MetaImage file comes back as it was written, oblique axes included") {
  Image image;
  image.header.sizes = {2, 3, 2};
  image.header.components = 2;
  image.header.component_type = ComponentType::int16;
  image.header.index_to_world_lps = {-0.5, 0, 0.125, 90.25, 0, -0.75, 0, 126, 0, 0.25, 2, -72};
  image.voxels = Buffer(static_cast<std::size_t>(image.header.size_bytes()));
  for (std::size_t at = 0; at < image.voxels.size(); ++at) image.voxels.data()[at] = static_cast<std::byte>(at);
  const std::string file = "voxhost-words-test.mha";
  REQUIRE(write_meta_image(file, image).code == Code::ok);
  const auto back = read_meta_image(file);
  REQUIRE(back);
  CHECK(back->header.sizes == image.header.sizes);
  CHECK(back->header.components == 2);
  for (std::size_t at = 0; at < 12; ++at) {
    CHECK(back->header.index_to_world_lps[at] == doctest::Approx(image.header.index_to_world_lps[at]).epsilon(1e-14));
  }
  CHECK(std::equal(back->voxels.view().begin(), back->voxels.view().end(), image.voxels.view().begin(), image.voxels.view().end()));

  std::ofstream(file) << "NDims = 3\nCompressedData = True\nElementDataFile = LOCAL\n";
  CHECK(read_meta_image(file).error().metadata.at("field") == "CompressedData");
  std::remove(file.c_str());
  CHECK(read_meta_image(file).error().reason == "INVALID_FIELD");
  CHECK(write_meta_image(file + "/no/folder", image).reason == "DISK_FULL");
}

#ifndef _WIN32
TEST_CASE("a disk that is full while a mask is written is said, and half a file does not stay") {
  const std::string file = "voxhost-words-test-full.mha";
  Image image;
  image.header.sizes = {1 << 20, 1, 1};
  image.voxels = Buffer(1 << 20);
  rlimit before{};
  REQUIRE(getrlimit(RLIMIT_FSIZE, &before) == 0);
  const rlimit small{4096, before.rlim_max};  // The system ends the file after 4 kB, as a full disk does.
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  REQUIRE(setrlimit(RLIMIT_FSIZE, &small) == 0);
  const Error error = write_meta_image(file, image);
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  CHECK(error.reason == "DISK_FULL");
  CHECK(error.message.find(file) != std::string::npos);
  CHECK_FALSE(std::ifstream(file).good());
}
#endif
