// A connection to a host, and every call that can be made there.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "voxhost/result.h"
#include "voxhost/run.h"
#include "voxhost/stop.h"
#include "voxhost/volume.h"
#include "voxhost/workflow.h"

namespace voxhost {

namespace detail {
struct Connection;
}

/// The revision of voxhost.v1 that this library speaks.
inline constexpr std::uint32_t protocol_version = 1;

/// TLS to a host.
struct Tls {
  /// A file of certificates (PEM) to trust; empty trusts the authorities that this machine trusts.
  std::string ca_file;
  /// The name that the host's certificate has, when it is not the address'.
  std::string server_name;
};

/// How to reach a host.
struct ConnectOptions {
  /// The bearer token, if the host asks for one.
  std::string token;
  std::optional<Tls> tls;
  /// Lets the token cross a network without TLS: only where nobody else can read.
  bool insecure_token = false;
  /// How long connecting may take.
  std::chrono::milliseconds timeout{5000};
  /// How long a connection with a call under way may be silent before it is asked for a sign of life, which also keeps
  /// it open through proxies that cut idle ones.
  std::chrono::milliseconds keepalive{30000};
  StopToken stop;
};

/// How long a call may take, and who may stop it. What it stops here it stops on the host too.
struct CallOptions {
  StopToken stop;
  /// 0 for as long as it takes.
  std::chrono::milliseconds timeout{0};
};

/// How much of a volume has gone or come.
struct TransferProgress {
  std::int64_t done_bytes = 0;
  std::int64_t total_bytes = 0;
};

// Callbacks run in the thread that made the call. One that throws ends the call, which then has the reason
// CALLBACK_THREW; no exception crosses the library.

/// How an upload or a download goes.
struct TransferOptions : CallOptions {
  std::function<void(const TransferProgress&)> on_progress;
};

/// How a run goes.
struct RunOptions : CallOptions {
  /// Those left out have the workflow's defaults.
  Parameters parameters;
  /// A later call with the same id answers with the same run. Empty: each call is a new run.
  std::string request_id;
  /// While an input is sent.
  std::function<void(const std::string& input, const TransferProgress&)> on_sent;
  std::function<void(const Event&)> on_event;
};

/// What a host takes at the most. 0 means no limit of its own.
struct Limits {
  std::int64_t max_chunk_bytes = 0;
  std::int64_t max_volume_bytes = 0;
  std::int64_t store_quota_bytes = 0;
  std::int64_t store_used_bytes = 0;
  int max_queued_runs = 0;
  std::int64_t model_memory_budget_bytes = 0;
  std::int64_t max_bundle_bytes = 0;
};

/// One execution provider of a host.
struct Device {
  /// `cuda`, `cpu`, …
  std::string name;
  bool available = false;
  /// Why it is not available; empty when it is.
  std::string reason;
  /// Runs that hold it now.
  int busy = 0;
};

/// What a host says of itself.
struct HostInfo {
  std::string version;
  std::uint32_t protocol_version_min = 0;
  std::uint32_t protocol_version_max = 0;
  Limits limits;
  std::vector<Device> devices;
  std::vector<std::string> chunk_encodings;
  double uptime_seconds = 0;
};

/// A connection to a host. Many threads may use it at once; it must outlive their calls.
class Host {
 public:
  /// Connects to `host:port`, `host` (port 50151) or `unix:/path`, and compares protocol revisions.
  ///
  /// Reasons: HOST_UNAVAILABLE, DEADLINE_EXCEEDED, NO_TOKEN, WRONG_TOKEN, PROTOCOL_MISMATCH, UNIMPLEMENTED (no Voxhost
  /// host), INVALID_FIELD (address, ca_file, or a token that would cross the network readable).
  static Result<Host> connect(const std::string& address, const ConnectOptions& options = {});

  Host(Host&&) noexcept;
  Host& operator=(Host&&) noexcept;
  ~Host();

  /// The host as it is now: version, limits, devices.
  Result<HostInfo> info(const CallOptions& options = {}) const;

  /// All deployed workflows by name, those that are loading and those that failed included.
  Result<std::vector<Workflow>> workflows(const CallOptions& options = {}) const;

  /// Reasons: WORKFLOW_NOT_FOUND; the message lists those there are.
  Result<Workflow> workflow(const std::string& name, const CallOptions& options = {}) const;

  /// Brings an image to the host. Its voxels are not sent when the host has them; a lost connection goes on where it
  /// stopped. A chunk is copied once on its way to the socket.
  ///
  /// Reasons: INVALID_FIELD (the header, or voxels that are not what it says), LIMIT_EXCEEDED, DISK_FULL, and
  /// HOST_UNAVAILABLE when the connection stays away for several attempts without a byte of progress.
  Result<Volume> upload(const ImageView& image, const TransferOptions& options = {}) const;

  /// Brings a volume's voxels by its name, and compares them with their SHA-256. A lost connection goes on where it
  /// stopped. A chunk is copied once on its way from the socket.
  ///
  /// Reasons: VOLUME_NOT_FOUND, DIGEST_MISMATCH, INCOMPLETE_DOWNLOAD, OUT_OF_MEMORY, HOST_UNAVAILABLE.
  Result<Image> download(const std::string& volume, const TransferOptions& options = {}) const;

  /// The same into memory of the caller's, which must be as large as the volume (INVALID_FIELD).
  Result<Volume> download_into(const std::string& volume, MutableBytes destination,
                               const TransferOptions& options = {}) const;

  /// Sends the inputs that the host lacks, runs a workflow on them and waits for its end. When it is stopped, by its
  /// token, its timeout or a callback that throws, the run is cancelled on the host.
  ///
  /// Reasons: WORKFLOW_NOT_FOUND, INVALID_FIELD, WORKFLOW_FAILED, LIMIT_EXCEEDED, those of `upload`, those of the run
  /// (OPERATOR_FAILED, RUNNER_CRASHED, …), CANCELLED, DEADLINE_EXCEEDED, RUN_NOT_FOUND when the host was started anew.
  Result<Run> run(const std::string& workflow, const RunInputs& inputs, const RunOptions& options = {}) const;

  /// Follows a run that somebody started to its end, through lost connections. A stop leaves the run alone.
  Result<Run> watch(const std::string& run, const std::function<void(const Event&)>& on_event = {},
                    const CallOptions& options = {}) const;

  /// A run as it is now. Reasons: RUN_NOT_FOUND.
  Result<Run> get_run(const std::string& run, const CallOptions& options = {}) const;

  /// Asks a run to stop and answers with it; one that has ended stays as it is.
  Result<Run> cancel(const std::string& run, const CallOptions& options = {}) const;

 private:
  explicit Host(std::unique_ptr<detail::Connection> connection);

  std::unique_ptr<detail::Connection> connection_;
};

}  // namespace voxhost
