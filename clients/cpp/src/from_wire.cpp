// Field by field. What the host leaves out stays unset.
#include "from_wire.h"

#include <cstdio>

namespace voxhost {
namespace {

using std::chrono::system_clock;

std::chrono::nanoseconds duration(const google::protobuf::Duration& time) {
  return std::chrono::seconds(time.seconds()) + std::chrono::nanoseconds(time.nanos());
}

system_clock::time_point instant(const google::protobuf::Timestamp& time) {
  const auto since = std::chrono::seconds(time.seconds()) + std::chrono::nanoseconds(time.nanos());
  return system_clock::time_point(std::chrono::duration_cast<system_clock::duration>(since));
}

CodedTerm term(const v1::Code& code) { return {code.scheme(), code.value(), code.meaning()}; }

Terminology terminology_of(const v1::Terminology& wire) {
  Terminology terminology;
  if (wire.has_category()) terminology.category = term(wire.category());
  if (wire.has_type()) terminology.type = term(wire.type());
  if (wire.has_type_modifier()) terminology.type_modifier = term(wire.type_modifier());
  if (wire.has_region()) terminology.region = term(wire.region());
  if (wire.has_region_modifier()) terminology.region_modifier = term(wire.region_modifier());
  return terminology;
}

Segment segment_of(const v1::Segment& wire) {
  Segment segment;
  segment.value = wire.value();
  segment.name = wire.name();
  segment.red = static_cast<std::uint8_t>(wire.color().red());
  segment.green = static_cast<std::uint8_t>(wire.color().green());
  segment.blue = static_cast<std::uint8_t>(wire.color().blue());
  if (wire.has_terminology()) segment.terminology = terminology_of(wire.terminology());
  return segment;
}

RunOutput output_of(const v1::RunOutput& wire) {
  RunOutput output{wire.name(), from_wire(wire.volume()), static_cast<OutputKind>(wire.kind()), {}};
  for (const auto& measure : wire.segments()) {
    Segment segment = segment_of(measure.segment());
    segment.voxel_count = measure.voxel_count();
    segment.volume_ml = measure.volume_ml();
    output.segments.push_back(std::move(segment));
  }
  return output;
}

Parameter parameter_of(const v1::Parameter& wire) {
  Parameter parameter;
  parameter.name = wire.name();
  parameter.type = static_cast<ParameterType>(wire.type());
  parameter.default_value = from_wire(wire.default_value());
  if (wire.has_minimum()) parameter.minimum = wire.minimum();
  if (wire.has_maximum()) parameter.maximum = wire.maximum();
  parameter.description = wire.description();
  for (const auto& choice : wire.choices()) parameter.choices.push_back(from_wire(choice));
  return parameter;
}

}  // namespace

const char* name_of(WorkflowState state) noexcept {
  static constexpr const char* names[] = {"unspecified", "loading", "ready", "failed"};
  const auto number = static_cast<std::size_t>(state);
  return number < std::size(names) ? names[number] : "unknown";
}

const char* name_of(RunState state) noexcept {
  static constexpr const char* names[] = {"unspecified", "queued", "running", "succeeded", "failed", "cancelled"};
  const auto number = static_cast<std::size_t>(state);
  return number < std::size(names) ? names[number] : "unknown";
}

std::string Value::to_string() const {
  if (const bool* truth = boolean()) return *truth ? "true" : "false";
  if (const std::string* words = text()) return *words;
  if (number() == nullptr) return "none";
  char digits[32];
  std::snprintf(digits, sizeof digits, "%.15g", *number());
  return digits;
}

HostInfo from_wire(const v1::HostInfo& wire) {
  HostInfo info;
  info.version = wire.version();
  info.protocol_version_min = wire.protocol_version_min();
  info.protocol_version_max = wire.protocol_version_max();
  const auto& limits = wire.limits();
  info.limits = {limits.max_chunk_bytes(),  limits.max_volume_bytes(),          limits.store_quota_bytes(), limits.store_used_bytes(),
                 limits.max_queued_runs(), limits.model_memory_budget_bytes(), limits.max_bundle_bytes()};
  for (const auto& one : wire.devices()) info.devices.push_back({one.name(), one.available(), one.reason(), one.busy()});
  info.chunk_encodings = {wire.chunk_encodings().begin(), wire.chunk_encodings().end()};
  info.uptime_seconds = wire.uptime_seconds();
  return info;
}

VolumeHeader from_wire(const v1::VolumeHeader& wire) {
  VolumeHeader header;
  header.sizes = {wire.sizes().begin(), wire.sizes().end()};
  header.component_type = static_cast<ComponentType>(wire.component_type());
  header.components = wire.components() == 0 ? 1 : wire.components();
  for (int index = 0; index < wire.index_to_world_lps_size() && index < 12; ++index) {
    header.index_to_world_lps[static_cast<std::size_t>(index)] = wire.index_to_world_lps(index);
  }
  header.modality = wire.modality();
  return header;
}

Volume from_wire(const v1::Volume& wire) {
  return {wire.name(), from_wire(wire.header()), wire.size_bytes(), wire.sha256()};
}

Workflow from_wire(const v1::Workflow& wire) {
  Workflow workflow;
  workflow.name = wire.name();
  workflow.version = wire.version();
  workflow.title = wire.title();
  workflow.description = wire.description();
  workflow.authors = wire.authors();
  workflow.copyright = wire.copyright();
  workflow.license = wire.license();
  workflow.task = wire.task();
  workflow.modality = wire.modality();
  workflow.intended_use = wire.intended_use();
  workflow.references = {wire.references().begin(), wire.references().end()};
  for (const auto& input : wire.inputs()) {
    workflow.inputs.push_back({input.name(),
                               input.modality(),
                               input.channels(),
                               {input.channel_names().begin(), input.channel_names().end()},
                               input.required(),
                               input.spatial_axes()});
  }
  for (const auto& declared : wire.outputs()) {
    Output output{declared.name(), static_cast<OutputKind>(declared.kind()), {}};
    for (const auto& segment : declared.segments()) output.segments.push_back(segment_of(segment));
    workflow.outputs.push_back(std::move(output));
  }
  for (const auto& parameter : wire.parameters()) workflow.parameters.push_back(parameter_of(parameter));
  workflow.state = static_cast<WorkflowState>(wire.state());
  workflow.failure = wire.failure();
  workflow.reload_failure = wire.reload_failure();
  workflow.device = wire.device();
  if (wire.has_typical_duration()) workflow.typical_duration = duration(wire.typical_duration());
  workflow.resident = wire.resident();
  if (wire.has_deploy_time()) workflow.deploy_time = instant(wire.deploy_time());
  workflow.model_format = wire.model_format();
  return workflow;
}

Run from_wire(const v1::Run& wire) {
  Run run;
  run.name = wire.name();
  run.workflow = wire.workflow();
  run.inputs = {wire.inputs().begin(), wire.inputs().end()};
  for (const auto& [name, value] : wire.parameters()) run.parameters.emplace(name, from_wire(value));
  run.state = static_cast<RunState>(wire.state());
  for (const auto& output : wire.outputs()) run.outputs.push_back(output_of(output));
  if (wire.has_error()) run.error = from_wire(wire.error(), wire.name());
  if (wire.has_create_time()) run.create_time = instant(wire.create_time());
  if (wire.has_start_time()) run.start_time = instant(wire.start_time());
  if (wire.has_end_time()) run.end_time = instant(wire.end_time());
  for (const auto& timing : wire.timings()) run.timings.push_back({timing.stage(), duration(timing.duration())});
  run.request_id = wire.request_id();
  return run;
}

Error from_wire(const v1::RunError& wire, const std::string& run) {
  Error error{static_cast<Code>(wire.code()), wire.reason(), wire.message(), {wire.metadata().begin(), wire.metadata().end()}};
  error.metadata.emplace("run", run);
  return error;
}

Event from_wire(const v1::RunEvent& wire) {
  Event event;
  event.sequence = wire.sequence();
  event.run = wire.run();
  event.time = instant(wire.time());
  switch (wire.event_case()) {
    case v1::RunEvent::kQueued: {
      Queued queued{wire.queued().position(), std::nullopt, wire.queued().workflow_loading()};
      if (wire.queued().has_estimated_wait()) queued.estimated_wait = duration(wire.queued().estimated_wait());
      event.what = queued;
      break;
    }
    case v1::RunEvent::kStarted:
      event.what = Started{wire.started().device()};
      break;
    case v1::RunEvent::kProgress: {
      const auto& came = wire.progress();
      Progress progress{came.stage(), came.step(), came.step_count(), came.fraction(), std::nullopt};
      if (came.has_time_left()) progress.time_left = duration(came.time_left());
      event.what = std::move(progress);
      break;
    }
    case v1::RunEvent::kOutputReady:
      event.what = OutputReady{output_of(wire.output_ready().output())};
      break;
    case v1::RunEvent::kSucceeded:
      event.what = Succeeded{from_wire(wire.succeeded().run())};
      break;
    case v1::RunEvent::kFailed:
      event.what = Failed{from_wire(wire.failed().error(), wire.run())};
      break;
    case v1::RunEvent::kCancelled:
      event.what = Cancelled{wire.cancelled().reason()};
      break;
    case v1::RunEvent::EVENT_NOT_SET:
      break;
  }
  return event;
}

Value from_wire(const google::protobuf::Value& wire) {
  switch (wire.kind_case()) {
    case google::protobuf::Value::kBoolValue:
      return wire.bool_value();
    case google::protobuf::Value::kNumberValue:
      return wire.number_value();
    case google::protobuf::Value::kStringValue:
      return wire.string_value();
    default:
      return {};
  }
}

v1::VolumeHeader to_wire(const VolumeHeader& header) {
  v1::VolumeHeader wire;
  wire.mutable_sizes()->Add(header.sizes.begin(), header.sizes.end());
  wire.set_component_type(static_cast<v1::ComponentType>(header.component_type));
  wire.set_components(header.components);
  wire.mutable_index_to_world_lps()->Add(header.index_to_world_lps.begin(), header.index_to_world_lps.end());
  wire.set_modality(header.modality);
  return wire;
}

google::protobuf::Value to_wire(const Value& value) {
  google::protobuf::Value wire;
  if (const bool* truth = value.boolean()) {
    wire.set_bool_value(*truth);
  } else if (const double* number = value.number()) {
    wire.set_number_value(*number);
  } else if (const std::string* text = value.text()) {
    wire.set_string_value(*text);
  } else {
    wire.set_null_value(google::protobuf::NULL_VALUE);
  }
  return wire;
}

}  // namespace voxhost
