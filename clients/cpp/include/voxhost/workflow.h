// Workflows: what is deployed on a host, what each takes and gives.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

namespace voxhost {

/// A parameter's value: a boolean, a number, a string, or nothing.
class Value {
 public:
  Value() = default;
  Value(bool value) : value_(value) {}
  template <class T, class = std::enable_if_t<std::is_arithmetic_v<T> && !std::is_same_v<T, bool>>>
  Value(T value) : value_(static_cast<double>(value)) {}
  Value(std::string value) : value_(std::move(value)) {}
  Value(const char* value) : value_(std::string(value)) {}

  const bool* boolean() const noexcept { return std::get_if<bool>(&value_); }
  const double* number() const noexcept { return std::get_if<double>(&value_); }
  const std::string* text() const noexcept { return std::get_if<std::string>(&value_); }
  /// For people: `0.25`, `true`.
  std::string to_string() const;

  friend bool operator==(const Value& a, const Value& b) { return a.value_ == b.value_; }

 private:
  std::variant<std::monostate, bool, double, std::string> value_;
};

/// Values by Parameter::name.
using Parameters = std::map<std::string, Value>;

/// A coded term: scheme `SCT`, value `12738006`, meaning `Brain`.
struct CodedTerm {
  std::string scheme;
  std::string value;
  std::string meaning;
};

/// What a segment is, in DICOM's words (PS3.3 C.8.20.4).
struct Terminology {
  std::optional<CodedTerm> category;
  std::optional<CodedTerm> type;
  std::optional<CodedTerm> type_modifier;
  std::optional<CodedTerm> region;
  std::optional<CodedTerm> region_modifier;
};

/// One segment of a label map: as the workflow declares it and, in a result, as it was measured.
struct Segment {
  /// The value of its voxels.
  std::uint32_t value = 0;
  std::string name;
  /// In sRGB, 0 to 255.
  std::uint8_t red = 0, green = 0, blue = 0;
  std::optional<Terminology> terminology;
  /// Voxels of its value; unset in a declaration.
  std::optional<std::int64_t> voxel_count;
  /// Millilitres; unset in a declaration.
  std::optional<double> volume_ml;
};

/// What an output is.
enum class OutputKind { unspecified = 0, label_map = 1, image = 2 };

/// One input that a workflow declares.
struct Input {
  std::string name;
  /// As DICOM writes it (`CT`, `MR`); empty when the bundle does not say.
  std::string modality;
  int channels = 1;
  std::vector<std::string> channel_names;
  bool required = true;
  /// 2 or 3.
  int spatial_axes = 3;
};

/// One output that a workflow declares.
struct Output {
  std::string name;
  OutputKind kind = OutputKind::unspecified;
  std::vector<Segment> segments;
};

/// The types of parameters.
enum class ParameterType { unspecified = 0, number = 1, integer = 2, boolean = 3, string = 4 };

/// One parameter that a run may set.
struct Parameter {
  std::string name;
  ParameterType type = ParameterType::unspecified;
  Value default_value;
  std::optional<double> minimum;
  std::optional<double> maximum;
  std::string description;
  /// The values to choose among; empty when any will do.
  std::vector<Value> choices;
};

/// Whether a workflow can run.
enum class WorkflowState { unspecified = 0, loading = 1, ready = 2, failed = 3 };

/// `ready`.
const char* name_of(WorkflowState state) noexcept;

/// A deployed workflow.
struct Workflow {
  std::string name, version, title, description, authors, copyright, license, task;
  /// The modality of its first image input, as DICOM writes it, if known.
  std::string modality;
  /// What it is meant for, in the bundle's words.
  std::string intended_use;
  std::vector<std::string> references;
  std::vector<Input> inputs;
  std::vector<Output> outputs;
  std::vector<Parameter> parameters;
  WorkflowState state = WorkflowState::unspecified;
  /// Why it failed, or why a newer version in the folder was refused; empty otherwise.
  std::string failure, reload_failure;
  /// The device that its model is on, such as `cpu`; empty while loading.
  std::string device;
  /// The median of the last runs' durations on this host; unset before the first.
  std::optional<std::chrono::nanoseconds> typical_duration;
  /// True while its model is in memory.
  bool resident = false;
  std::optional<std::chrono::system_clock::time_point> deploy_time;
  /// `onnx` or `torchscript`.
  std::string model_format;
};

}  // namespace voxhost
