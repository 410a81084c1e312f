// The connection to a host, one attempt at a call on it, and the patience to make several.
#pragma once

#include <grpcpp/client_context.h>
#include <grpcpp/generic/generic_stub.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "errors.h"
#include "voxhost/host.h"
#include "voxhost/v1/host_service.grpc.pb.h"
#include "voxhost/v1/run_service.grpc.pb.h"
#include "voxhost/v1/volume_service.grpc.pb.h"
#include "voxhost/v1/workflow_service.grpc.pb.h"

namespace voxhost {
namespace detail {

struct Connection {
  std::string address;
  std::string token;
  HostInfo info;
  std::unique_ptr<voxhost::v1::HostService::Stub> host;
  std::unique_ptr<voxhost::v1::WorkflowService::Stub> workflows;
  std::unique_ptr<voxhost::v1::VolumeService::Stub> volumes;
  std::unique_ptr<voxhost::v1::RunService::Stub> runs;
  /// For calls whose messages are bytes: uploads and downloads.
  std::unique_ptr<grpc::GenericStub> raw;
};

}  // namespace detail

using detail::Connection;

/// What ends a call of the library, all its attempts together.
struct Limit {
  Limit() = default;
  explicit Limit(const CallOptions& options);

  /// Set when the call has been stopped or is out of time.
  std::optional<Error> ended() const;

  StopToken stop;
  std::optional<std::chrono::system_clock::time_point> deadline;
};

/// One attempt: a context with the token and the deadline, which a stop cancels.
class Attempt {
 public:
  Attempt(const Connection& connection, const Limit& limit);

  grpc::ClientContext context;

  /// What a status other than OK means to the caller.
  Error explain(const grpc::Status& status) const;

 private:
  const Connection& connection_;
  const Limit& limit_;
  StopCallback on_stop_;
};

/// Counts attempts that came to nothing, and waits between them: exponentially longer, with jitter.
class Patience {
 public:
  /// Waits before the next attempt after `error`. @returns why there is none: `error` itself, or what ended the wait.
  std::optional<Error> wait_after(const Error& error, const Limit& limit);
  /// There was progress: the counting starts again.
  void renew() noexcept { failures_ = 0; }

 private:
  int failures_ = 0;
};

/// Makes a call that may be made as often as wanted, until it is answered or refused.
/// `call` is (grpc::ClientContext*, Response*) → grpc::Status.
template <class Response, class Call>
Result<Response> ask(const Connection& connection, const Limit& limit, const Call& call) {
  Patience patience;
  for (;;) {
    Response response;
    Attempt attempt(connection, limit);
    const grpc::Status status = call(&attempt.context, &response);
    if (status.ok()) return response;
    const Error error = attempt.explain(status);
    if (!is_lost_connection(error)) return error;
    if (auto end = patience.wait_after(error, limit)) return *std::move(end);
  }
}

}  // namespace voxhost
