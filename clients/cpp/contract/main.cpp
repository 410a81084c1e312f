// Holds one conversation of test/contract: reads it as JSON from standard input, prints how it ended as one JSON line.
#include <google/protobuf/dynamic_message.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/message_differencer.h>

#include <fstream>
#include <iostream>
#include <iterator>

#include "digest.h"
#include "from_wire.h"
#include "voxhost/voxhost.h"

namespace {

using google::protobuf::Message;
using google::protobuf::Struct;
using voxhost::Error;
using voxhost::Result;

Error fault(const std::string& what) { return {voxhost::Code::internal, "FAULT", what, {}}; }

std::string text_of(const Struct& object, const std::string& field) {
  const auto found = object.fields().find(field);
  return found == object.fields().end() ? "" : found->second.string_value();
}

std::string sha(voxhost::Bytes bytes) {
  voxhost::Sha256 digest;
  digest.update(bytes);
  return digest.finish();
}

std::string read_file(const std::string& name) {
  std::ifstream file(name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// JSON back as text, for the parts that are messages of the protocol.
std::string json_of(const Message& message) {
  std::string text;
  static_cast<void>(google::protobuf::util::MessageToJsonString(message, &text));
  return text;
}

std::unique_ptr<Message> new_message(const std::string& type) {
  const auto* descriptor = google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(type);
  if (descriptor == nullptr) return nullptr;
  return std::unique_ptr<Message>(google::protobuf::MessageFactory::generated_factory()->GetPrototype(descriptor)->New());
}

std::string from_hex(const std::string& digits) {
  std::string bytes;
  for (std::size_t at = 0; at + 1 < digits.size(); at += 2) bytes += static_cast<char>(std::stoi(digits.substr(at, 2), nullptr, 16));
  return bytes;
}

std::string deterministic(const Message& message) {
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    message.SerializeToCodedStream(&coded);
  }
  return bytes;
}

/// Reads each golden message as bytes and as JSON: both are the same, and come out as they went in. @returns how many.
Result<std::string> compare_messages(const std::string& file) {
  google::protobuf::ListValue golden;
  if (!google::protobuf::util::JsonStringToMessage(read_file(file), &golden).ok()) return fault(file + " is no JSON");
  for (const auto& entry : golden.values()) {
    const Struct& one = entry.struct_value();
    const std::string name = text_of(one, "name");
    const auto from_json = new_message(text_of(one, "type")), from_bytes = new_message(text_of(one, "type"));
    const std::string wire = from_hex(text_of(one, "bytes"));
    if (!from_json) return fault(name + ": its type is not known");
    const auto status = google::protobuf::util::JsonStringToMessage(json_of(one.fields().at("json")), from_json.get());
    if (!status.ok()) return fault(name + ": " + status.ToString());
    const bool is_same = from_bytes->ParseFromString(wire) &&
                         google::protobuf::util::MessageDifferencer::Equals(*from_json, *from_bytes) &&
                         deterministic(*from_json) == wire;
    if (!is_same) return fault(name + ": its JSON and its bytes are not the same message");
  }
  return std::to_string(golden.values_size());
}

Result<std::string> download(const voxhost::Host& host, const std::string& volume) {
  const auto image = host.download(volume);
  if (!image) return image.error();
  return sha(image->voxels.view());
}

/// The task's image; `voxels` keeps its bytes.
Result<voxhost::ImageView> read_image(const Struct& task, std::string* voxels) {
  const Struct& image = task.fields().at("image").struct_value();
  voxhost::v1::VolumeHeader header;
  const auto status = google::protobuf::util::JsonStringToMessage(json_of(image.fields().at("header")), &header);
  if (!status.ok()) return fault(status.ToString());
  *voxels = read_file(text_of(image, "voxels"));
  return voxhost::ImageView(voxhost::from_wire(header), voxhost::bytes_of(voxels->data(), voxels->size()));
}

Result<std::string> hold_run(const voxhost::Host& host, const Struct& task, const voxhost::ImageView& image) {
  voxhost::StopSource stop;
  voxhost::RunOptions options;
  options.stop = stop.token();
  if (const auto found = task.fields().find("parameters"); found != task.fields().end()) {
    for (const auto& [name, value] : found->second.struct_value().fields()) {
      options.parameters.emplace(name, voxhost::from_wire(value));
    }
  }
  const std::string cancel_at = text_of(task, "cancelAt");
  options.on_event = [&](const voxhost::Event& event) {
    const auto* progress = std::get_if<voxhost::Progress>(&event.what);
    if (progress != nullptr && !cancel_at.empty() && progress->stage == cancel_at) stop.request_stop();
  };
  const auto run = host.run(text_of(task, "workflow"), {{"image", image}}, options);
  if (!run) return run.error();
  return download(host, run->output()->volume.name);
}

Result<std::string> hold(const Struct& task) {
  const std::string what = text_of(task, "do");
  if (what == "messages") return compare_messages(text_of(task, "messages"));
  voxhost::ConnectOptions options;
  options.token = text_of(task, "token");
  options.timeout = std::chrono::minutes(1);
  const auto host = voxhost::Host::connect(text_of(task, "address"), options);
  if (!host) return host.error();
  if (what == "list") {
    const auto workflows = host->workflows();
    if (!workflows) return workflows.error();
    std::string names;
    for (const auto& workflow : *workflows) names += (names.empty() ? "" : "\n") + workflow.name;
    return sha(voxhost::bytes_of(names.data(), names.size()));
  }
  std::string voxels;
  const auto image = read_image(task, &voxels);
  if (!image) return image.error();
  if (what == "run") return hold_run(*host, task, *image);
  const auto volume = host->upload(*image);
  if (!volume) return volume.error();
  return download(*host, volume->name);
}

}  // namespace

int main() {
  Struct task;
  const std::string words{std::istreambuf_iterator<char>(std::cin), {}};
  if (!google::protobuf::util::JsonStringToMessage(words, &task).ok()) {
    std::cerr << "Give a task as JSON on standard input.\n";
    return 2;
  }
  const auto digest = hold(task);
  Struct ending;
  const auto say = [&](const char* field, const std::string& text) { (*ending.mutable_fields())[field].set_string_value(text); };
  say("outcome", digest ? "succeeded" : "failed");
  if (digest) {
    say("digest", *digest);
  } else {
    say("class", voxhost::name_of(digest.error().code));
    say("reason", digest.error().reason);
    say("message", digest.error().message);
  }
  std::cout << json_of(ending) << "\n";
}
