// The client against a real host: VOXHOST_TEST_HOST is its address (with the repository's example workflows), and
// VOXHOST_TEST_FOLDER has head-mri.mha and MONAI's own answer, expected.raw.
#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <random>
#include <stdexcept>
#include <thread>

#include "meta_image.h"
#include "voxhost/voxhost.h"

using namespace voxhost;

namespace {

constexpr const char* brain = "brain_extraction_deepbet";

std::string setting(const char* name) {
  const char* value = std::getenv(name);
  REQUIRE_MESSAGE(value != nullptr, name << " is not set: test/clients/cpp/cpp.test.ts starts a host and sets it");
  return value;
}

Host connect() {
  ConnectOptions options;
  options.timeout = std::chrono::minutes(1);  // Tests share few cores.
  auto host = Host::connect(setting("VOXHOST_TEST_HOST"), options);
  REQUIRE_MESSAGE(host, host.error().message);
  return *std::move(host);
}

Image head_mri() {
  auto image = read_meta_image(setting("VOXHOST_TEST_FOLDER") + "/head-mri.mha");
  REQUIRE_MESSAGE(image, image.error().message);
  return *std::move(image);
}

/// An image of `size` bytes that no host has.
struct Noise {
  explicit Noise(std::size_t size) : voxels(size) {
    std::mt19937 numbers(std::random_device{}());
    std::generate(voxels.begin(), voxels.end(), [&] { return static_cast<std::uint8_t>(numbers()); });
    header.sizes = {static_cast<std::int64_t>(size), 1, 1};
    header.modality = "MR";
  }
  ImageView view() const { return {header, bytes_of(voxels)}; }

  VolumeHeader header;
  std::vector<std::uint8_t> voxels;
};

template <class T>
Error wants(const Result<T>& result, Code code, const std::string& reason) {
  REQUIRE_FALSE(result);
  CHECK_MESSAGE(result.error().code == code, result.error().message);
  CHECK_MESSAGE(result.error().reason == reason, result.error().message);
  return result.error();
}

}  // namespace

TEST_CASE("host: the head MRI gives MONAI's mask byte for byte, in its own geometry") {
  const Host host = connect();
  const Image image = head_mri();
  std::vector<std::int64_t> sent, sequences;
  bool has_succeeded = false;
  RunOptions options;
  options.on_sent = [&](const std::string& input, const TransferProgress& progress) {
    CHECK(input == "image");
    sent.push_back(progress.done_bytes);
  };
  options.on_event = [&](const Event& event) {
    sequences.push_back(event.sequence);
    has_succeeded = std::holds_alternative<Succeeded>(event.what);
  };
  const auto run = host.run(brain, {{"image", image}}, options);
  REQUIRE_MESSAGE(run, run.error().message);
  CHECK(std::is_sorted(sent.begin(), sent.end()));
  CHECK(sent.back() == static_cast<std::int64_t>(image.voxels.size()));
  CHECK(std::is_sorted(sequences.begin(), sequences.end()));
  CHECK(has_succeeded);

  const auto mask = host.download(run->output()->volume.name);
  REQUIRE_MESSAGE(mask, mask.error().message);
  std::ifstream file(setting("VOXHOST_TEST_FOLDER") + "/expected.raw", std::ios::binary);
  const std::string expected{std::istreambuf_iterator<char>(file), {}};
  REQUIRE(mask->voxels.size() == expected.size());
  CHECK(std::memcmp(mask->voxels.data(), expected.data(), expected.size()) == 0);
  CHECK(mask->header.index_to_world_lps == image.header.index_to_world_lps);
  const Segment& segment = run->output()->segments.at(0);
  const auto voxels = mask->as<std::uint8_t>();
  REQUIRE(voxels);
  CHECK(segment.voxel_count == static_cast<std::int64_t>(voxels->size()) - std::count(voxels->begin(), voxels->end(), 0));
  CHECK(*host.get_run(run->name)->output()->segments.at(0).volume_ml == *segment.volume_ml);
}

TEST_CASE("host: workflows are those of the folder by name") {
  const Host host = connect();
  const auto workflows = host.workflows();
  REQUIRE(workflows);
  std::vector<std::string> names;
  for (const auto& workflow : *workflows) names.push_back(workflow.name);
  CHECK(std::count(names.begin(), names.end(), brain) == 1);
  CHECK(std::is_sorted(names.begin(), names.end()));
  const auto one = host.workflow(brain);
  REQUIRE(one);
  CHECK(one->inputs.at(0).name == "image");
  CHECK(one->outputs.at(0).kind == OutputKind::label_map);
  CHECK(one->outputs.at(0).segments.at(0).terminology->type->meaning == "Brain");
}

TEST_CASE("host: a volume comes back byte for byte, and is sent once") {
  const Host host = connect();
  const Noise noise(5'000'001);
  std::vector<std::int64_t> sent;
  TransferOptions options;
  options.on_progress = [&](const TransferProgress& progress) { sent.push_back(progress.done_bytes); };
  const auto first = host.upload(noise.view(), options);
  REQUIRE_MESSAGE(first, first.error().message);
  CHECK(sent.size() > 1);
  sent.clear();
  const auto again = host.upload(noise.view(), options);
  REQUIRE(again);
  CHECK(again->name == first->name);
  CHECK(sent == std::vector<std::int64_t>{5'000'001});

  const auto back = host.download(first->name);
  REQUIRE(back);
  CHECK(back->header == noise.header);
  CHECK(std::memcmp(back->voxels.data(), noise.voxels.data(), noise.voxels.size()) == 0);
  std::vector<std::byte> place(noise.voxels.size());
  REQUIRE(host.download_into(first->name, {place.data(), place.size()}));
  CHECK(std::memcmp(place.data(), noise.voxels.data(), place.size()) == 0);
  wants(host.download_into(first->name, {place.data(), 5}), Code::invalid_argument, "INVALID_FIELD");
}

TEST_CASE("host: errors have the host's own reason and metadata") {
  const Host host = connect();
  wants(host.workflow("no_such_workflow"), Code::not_found, "WORKFLOW_NOT_FOUND");
  wants(host.download("no-such-volume"), Code::not_found, "VOLUME_NOT_FOUND");
  wants(host.watch("no-such-run"), Code::not_found, "RUN_NOT_FOUND");
  Noise flat(24);
  flat.header.index_to_world_lps.fill(0);
  CHECK(wants(host.upload(flat.view()), Code::invalid_argument, "INVALID_FIELD").metadata.count("field") == 1);
  Noise small(24);
  wants(host.run(brain, {{"picture", small.view()}}), Code::invalid_argument, "INVALID_FIELD");
  small.header.sizes = {25};
  wants(host.upload(small.view()), Code::invalid_argument, "INVALID_FIELD");
}

TEST_CASE("host: a stop while an image is sent ends the call, and starts no run") {
  const Host host = connect();
  const Noise noise(8'000'000);
  StopSource stop;
  RunOptions options;
  options.stop = stop.token();
  options.on_sent = [&](const std::string&, const TransferProgress&) { stop.request_stop(); };
  options.on_event = [](const Event&) { FAIL("a run was started"); };
  wants(host.run(brain, {{"image", noise.view()}}, options), Code::cancelled, "CANCELLED");
}

TEST_CASE("host: a stop from another thread ends a run here and on the host") {
  const Host host = connect();
  StopSource stop;
  std::string name;
  RunOptions options;
  options.stop = stop.token();
  options.parameters["overlap"] = 0.95;
  std::thread stopper;
  options.on_event = [&](const Event& event) {
    name = event.run;
    if (!stopper.joinable() && std::holds_alternative<Progress>(event.what)) stopper = std::thread([&] { stop.request_stop(); });
  };
  wants(host.run("brain_extraction_mri", {{"image", head_mri()}}, options), Code::cancelled, "CANCELLED");
  stopper.join();
  wants(host.watch(name), Code::cancelled, "CANCELLED");
  CHECK(host.get_run(name)->state == RunState::cancelled);
}

TEST_CASE("host: a timeout ends a call as such") {
  const Host host = connect();
  const Noise noise(24);
  RunOptions options;
  options.parameters["overlap"] = 0.95;
  options.timeout = std::chrono::milliseconds(1);
  wants(host.run("brain_extraction_mri", {{"image", noise.view()}}, options), Code::deadline_exceeded, "DEADLINE_EXCEEDED");
}

TEST_CASE("host: a callback that throws ends its call with what it said, and its run on the host") {
  const Host host = connect();
  const Noise noise(3'000'000);
  TransferOptions transfer;
  transfer.on_progress = [](const TransferProgress&) { throw std::runtime_error("the disk of the caller is full"); };
  const Error error = wants(host.upload(noise.view(), transfer), Code::aborted, "CALLBACK_THREW");
  CHECK(error.message.find("the disk of the caller is full") != std::string::npos);
  std::string name;
  RunOptions options;
  options.parameters["overlap"] = 0.95;
  options.on_event = [&](const Event& event) {
    name = event.run;
    throw 7;
  };
  wants(host.run("brain_extraction_mri", {{"image", head_mri()}}, options), Code::aborted, "CALLBACK_THREW");
  wants(host.watch(name), Code::cancelled, "CANCELLED");
}

TEST_CASE("host: many threads use one connection, each with its own voxels") {
  const Host host = connect();
  std::atomic<int> same{0};
  std::vector<std::thread> threads;
  for (int number = 0; number < 4; ++number) {
    threads.emplace_back([&] {
      const Noise noise(3'000'000);
      const auto volume = host.upload(noise.view());
      if (!volume) return;
      const auto back = host.download(volume->name);
      if (back && std::memcmp(back->voxels.data(), noise.voxels.data(), noise.voxels.size()) == 0) ++same;
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(same == 4);
}

TEST_CASE("a token does not cross a network readable and is one header; a file of authorities must be there") {
  ConnectOptions options;
  options.token = "secret";
  CHECK(wants(Host::connect("gpu.example:50151", options), Code::invalid_argument, "INVALID_FIELD").metadata.at("field") == "tls");
  options.token = "secret\n";
  CHECK(wants(Host::connect("127.0.0.1:1", options), Code::invalid_argument, "INVALID_FIELD").metadata.at("field") == "token");
  options.token = "…";
  CHECK(wants(Host::connect("127.0.0.1:1", options), Code::invalid_argument, "INVALID_FIELD").metadata.at("field") == "token");
  options.token = "secret";
  options.tls = Tls{"/no/such/file.pem", {}};
  CHECK(wants(Host::connect("gpu.example:50151", options), Code::invalid_argument, "INVALID_FIELD").metadata.at("field") == "tls.ca_file");
}

TEST_CASE("a file of authorities that has none is an error, not the program's end") {
  const std::string file = "voxhost-host-test.pem";
  std::ofstream(file) << "no certificate";
  ConnectOptions options;
  options.tls = Tls{file, {}};
  CHECK_FALSE(Host::connect("127.0.0.1:1", options));
  std::remove(file.c_str());
}

// Not for every run: `make check-cpp` wants the thread sanitizer to find it, in this library's callbacks in a conversation.
TEST_CASE("race: two runs whose callbacks write one number without a lock" * doctest::skip()) {
  const Host host = connect();
  const Image image = head_mri();
  int seen = 0;
  RunOptions options;
  options.on_event = [&](const Event&) { seen += 1; };
  std::vector<std::thread> callers;
  for (int caller = 0; caller < 2; ++caller) {
    callers.emplace_back([&] { static_cast<void>(host.run(brain, {{"image", image}}, options)); });
  }
  for (std::thread& caller : callers) caller.join();
  CHECK(seen > 0);
}
