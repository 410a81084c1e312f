// Runs: what was asked, where it is, what happened to it, what came out.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "voxhost/result.h"
#include "voxhost/volume.h"
#include "voxhost/workflow.h"

namespace voxhost {

/// What a run is made on: an image, which is sent unless the host has it, or a volume that is there.
class RunInput {
 public:
  /// The voxels are looked at until the run has been started.
  RunInput(ImageView image) : source_(std::move(image)) {}
  RunInput(const Image& image) : source_(ImageView(image)) {}
  RunInput(Volume volume) : source_(std::move(volume)) {}

  const ImageView* image() const noexcept { return std::get_if<ImageView>(&source_); }
  const Volume* volume() const noexcept { return std::get_if<Volume>(&source_); }

 private:
  std::variant<ImageView, Volume> source_;
};

/// By the names that the workflow declares.
using RunInputs = std::map<std::string, RunInput>;

/// The states of a run.
enum class RunState { unspecified = 0, queued = 1, running = 2, succeeded = 3, failed = 4, cancelled = 5 };

/// `succeeded`.
const char* name_of(RunState state) noexcept;

/// One result of a run.
struct RunOutput {
  std::string name;
  /// What Host::download brings.
  Volume volume;
  OutputKind kind = OutputKind::unspecified;
  /// The segments of a label map, with what was measured.
  std::vector<Segment> segments;
};

/// What one stage of a run took.
struct StageTiming {
  std::string stage;
  std::chrono::nanoseconds duration{0};
};

/// A run of a workflow.
struct Run {
  std::string name;
  std::string workflow;
  /// Volume::name by Input::name.
  std::map<std::string, std::string> inputs;
  /// The values in force, defaults included.
  Parameters parameters;
  RunState state = RunState::unspecified;
  /// The outputs that are ready.
  std::vector<RunOutput> outputs;
  /// Why it failed.
  std::optional<Error> error;
  std::optional<std::chrono::system_clock::time_point> create_time, start_time, end_time;
  std::vector<StageTiming> timings;
  std::string request_id;

  /// The output of that name, the first when none is given; null where there is none.
  const RunOutput* output(const std::string& output_name = {}) const noexcept {
    for (const RunOutput& one : outputs) {
      if (output_name.empty() || one.name == output_name) return &one;
    }
    return nullptr;
  }
};

/// It waits.
struct Queued {
  /// Runs before it, the one that has the device included.
  int position = 0;
  /// As far as the durations of earlier runs tell.
  std::optional<std::chrono::nanoseconds> estimated_wait;
  /// True while what it waits for is its workflow being loaded.
  bool workflow_loading = false;
};

/// It has the device and computes.
struct Started {
  std::string device;
};

/// It has come further.
struct Progress {
  /// `read`, a transform's name, `network`, `write`.
  std::string stage;
  /// Steps of the stage that are done: windows of the network.
  int step = 0;
  /// Steps of the stage in all; 0 when it has none.
  int step_count = 0;
  /// Of the whole run, 0 to 1.
  double fraction = 0;
  std::optional<std::chrono::nanoseconds> time_left;
};

/// A result can be read.
struct OutputReady {
  RunOutput output;
};

/// It ended with all its outputs. The last event.
struct Succeeded {
  Run run;
};

/// It ended with an error. The last event.
struct Failed {
  Error error;
};

/// It was stopped. The last event.
struct Cancelled {
  std::string reason;
};

/// Something that happened to a run: `if (auto* progress = std::get_if<voxhost::Progress>(&event.what)) …`.
struct Event {
  /// Grows with each event of a run. Progress may be thinned, so numbers may be missing.
  std::int64_t sequence = 0;
  std::string run;
  std::chrono::system_clock::time_point time;
  /// `monostate`: of a kind that this client does not know.
  std::variant<std::monostate, Queued, Started, Progress, OutputReady, Succeeded, Failed, Cancelled> what;
};

}  // namespace voxhost
