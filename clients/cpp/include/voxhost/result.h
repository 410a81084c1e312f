// What a call gives: a value, or an Error with the host's own code, reason, sentence and metadata. Nothing here throws.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <variant>

namespace voxhost {

/// gRPC's status codes.
enum class Code {
  ok = 0,
  cancelled = 1,
  unknown = 2,
  invalid_argument = 3,
  deadline_exceeded = 4,
  not_found = 5,
  already_exists = 6,
  permission_denied = 7,
  resource_exhausted = 8,
  failed_precondition = 9,
  aborted = 10,
  out_of_range = 11,
  unimplemented = 12,
  internal = 13,
  unavailable = 14,
  data_loss = 15,
  unauthenticated = 16,
};

/// A code as the protocol writes it: `NOT_FOUND`.
const char* name_of(Code code) noexcept;

/// Anything that can go wrong. docs/errors.md lists the reasons.
struct Error {
  Code code = Code::unknown;
  /// UPPER_SNAKE, the same from version to version, for programs.
  std::string reason;
  /// For people: what went wrong and what to do.
  std::string message;
  /// The field, what came, what was expected, the step.
  std::map<std::string, std::string> metadata;
};

namespace detail {
/// Says the error on standard error and ends the program: its value was asked for without a look at whether there is one.
[[noreturn]] void no_value(const Error& error) noexcept;
}  // namespace detail

/// A value or an Error. To take the value of an Error ends the program, as a null pointer would: look first.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool has_value() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }

  T& operator*() & { return checked(*this); }
  const T& operator*() const& { return checked(*this); }
  T&& operator*() && { return std::move(checked(*this)); }
  T* operator->() { return &checked(*this); }
  const T* operator->() const { return &checked(*this); }

  /// Only where there is no value.
  const Error& error() const& { return std::get<1>(state_); }
  Error&& error() && { return std::get<1>(std::move(state_)); }

 private:
  template <class Self>
  static auto& checked(Self& self) {
    if (auto* error = std::get_if<1>(&self.state_)) detail::no_value(*error);
    return *std::get_if<0>(&self.state_);
  }

  std::variant<T, Error> state_;
};

}  // namespace voxhost
