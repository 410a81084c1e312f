// Stopping calls from another thread, or from a callback: std::stop_token's manners in C++17.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

namespace voxhost {

namespace detail {
class StopState;
}

/// Hears whether a stop was asked for. One that comes from no StopSource never hears any.
class StopToken {
 public:
  StopToken() = default;

  bool stop_requested() const noexcept;

  /// Waits as long as given, or until a stop is asked for. @returns whether one was.
  bool wait_for(std::chrono::milliseconds duration) const;

 private:
  friend class StopSource;
  friend class StopCallback;
  explicit StopToken(std::shared_ptr<detail::StopState> state) : state_(std::move(state)) {}

  std::shared_ptr<detail::StopState> state_;
};

/// Asks for a stop, once. May be used by many threads, but not from a signal handler.
class StopSource {
 public:
  StopSource();

  StopToken token() const { return StopToken(state_); }

  /// Runs the callbacks in this thread. @returns false when a stop had been asked for before.
  bool request_stop();

 private:
  std::shared_ptr<detail::StopState> state_;
};

/// Has a function called when a stop is asked for, at once when it was before. When this is destroyed the function is
/// not running and will not run. The function must not throw.
class StopCallback {
 public:
  StopCallback(const StopToken& token, std::function<void()> function);
  ~StopCallback();
  StopCallback(const StopCallback&) = delete;
  StopCallback& operator=(const StopCallback&) = delete;

 private:
  friend class detail::StopState;
  std::shared_ptr<detail::StopState> state_;
  std::function<void()> function_;
};

}  // namespace voxhost
