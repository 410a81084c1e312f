// Errors as they arise: from a status of gRPC, from a field, from a run, from a caller who stopped the call.
#pragma once

#include <grpcpp/support/status.h>

#include <string>

#include "voxhost/result.h"

namespace voxhost {

/// What a status means that came from `address`: the host's own details, or what gRPC itself says, in a sentence.
Error from_status(const grpc::Status& status, const std::string& address);

/// INVALID_FIELD.
Error invalid_field(const std::string& field, const std::string& came, const std::string& expected);

/// CANCELLED: by its caller.
Error stopped_by_caller();

/// DEADLINE_EXCEEDED: of the caller's own timeout.
Error out_of_time();

/// True when the same call may succeed in a moment: the connection broke, nothing was refused.
bool is_lost_connection(const Error& error) noexcept;

/// Calls what the caller of the library gave. @returns CALLBACK_THREW when it threw; code `ok` otherwise.
template <class Function, class... Arguments>
Error guarded(const Function& function, const Arguments&... arguments) noexcept;

/// The error of a callback that threw.
Error callback_threw(const char* what);

template <class Function, class... Arguments>
Error guarded(const Function& function, const Arguments&... arguments) noexcept {
  try {
    if (function) function(arguments...);
    return Error{Code::ok, {}, {}, {}};
  } catch (const std::exception& error) {
    return callback_threw(error.what());
  } catch (...) {
    return callback_threw("what it threw is no std::exception");
  }
}

}  // namespace voxhost
