// Every status becomes one Error: the host's own ErrorInfo where there is one.
#include "errors.h"

#include <cstdio>
#include <cstdlib>
#include <exception>

#include "status_details.pb.h"

namespace voxhost {
namespace {

bool contains(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

/// What gRPC says of a connection, for people.
std::string explain_connection(const std::string& said) {
  if (contains(said, "refused")) return "nothing listens there. Is the host running?";
  if (contains(said, "Domain name not found") || contains(said, "DNS resolution failed")) {
    return "no machine of that name is known.";
  }
  if (contains(said, "CERTIFICATE_VERIFY_FAILED") || contains(said, "certificate")) {
    return "its certificate is not trusted: give the authority (Tls::ca_file). " + said;
  }
  if (contains(said, "SSL") || contains(said, "WRONG_VERSION_NUMBER") || contains(said, "Socket closed") ||
      contains(said, "preface") || contains(said, "settings frame")) {
    return "what listens there ended the connection. Is it a Voxhost host, and does one side alone speak TLS? (" + said + ")";
  }
  return said;
}

/// What a status without details means: gRPC itself said it, or a server that is no Voxhost host.
Error explain_bare(const grpc::Status& status, const std::string& address) {
  const Code code = static_cast<Code>(status.error_code());
  Error error{code, name_of(code), {}, {{"address", address}}};
  switch (code) {
    case Code::unavailable:
      error.reason = "HOST_UNAVAILABLE";
      error.message = "No host answers at " + address + ": " + explain_connection(status.error_message());
      break;
    case Code::deadline_exceeded:
      error.message = "The host at " + address + " did not answer in time.";
      break;
    case Code::unimplemented:
      error.message = "What answers at " + address + " does not speak voxhost.v1: it is no Voxhost host.";
      break;
    case Code::cancelled:
      error.message = "The call to " + address + " was cancelled: the connection was closed.";
      break;
    default:
      error.reason = "INTERNAL";
      error.message = "The host at " + address + " answered " + name_of(code) + ": " + status.error_message();
  }
  return error;
}

}  // namespace

const char* name_of(Code code) noexcept {
  static constexpr const char* names[] = {
      "OK",           "CANCELLED",         "UNKNOWN",           "INVALID_ARGUMENT",    "DEADLINE_EXCEEDED", "NOT_FOUND",
      "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED",           "OUT_OF_RANGE",
      "UNIMPLEMENTED", "INTERNAL",          "UNAVAILABLE",       "DATA_LOSS",           "UNAUTHENTICATED"};
  const auto number = static_cast<std::size_t>(code);
  return number < std::size(names) ? names[number] : "UNKNOWN";
}

void detail::no_value(const Error& error) noexcept {
  std::fprintf(stderr, "voxhost: a result was taken for a value without a look: %s: %s\n", error.reason.c_str(),
               error.message.c_str());
  std::abort();
}

Error from_status(const grpc::Status& status, const std::string& address) {
  client::v1::StatusDetails carried;
  if (carried.ParseFromString(status.error_details())) {
    for (const auto& one : carried.details()) {
      client::v1::ErrorDetail info;
      if (!contains(one.type_url(), "/google.rpc.ErrorInfo") || !info.ParseFromString(one.value())) continue;
      return {static_cast<Code>(status.error_code()),
              info.reason(),
              status.error_message(),
              {info.metadata().begin(), info.metadata().end()}};
    }
  }
  return explain_bare(status, address);
}

Error invalid_field(const std::string& field, const std::string& came, const std::string& expected) {
  return {Code::invalid_argument,
          "INVALID_FIELD",
          field + " is \"" + came + "\"; expected: " + expected + ".",
          {{"field", field}, {"value", came}, {"expected", expected}}};
}

Error stopped_by_caller() { return {Code::cancelled, "CANCELLED", "The call was cancelled by its caller.", {}}; }

Error out_of_time() { return {Code::deadline_exceeded, "DEADLINE_EXCEEDED", "The call took longer than its timeout.", {}}; }

bool is_lost_connection(const Error& error) noexcept { return error.code == Code::unavailable; }

Error callback_threw(const char* what) {
  return {Code::aborted, "CALLBACK_THREW", std::string("The call was ended by a callback that threw: ") + what, {}};
}

}  // namespace voxhost
