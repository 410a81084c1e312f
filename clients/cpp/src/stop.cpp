// The state that StopSource, StopToken and StopCallback share.
#include "voxhost/stop.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

namespace voxhost {
namespace detail {

class StopState {
 public:
  bool requested() {
    std::lock_guard lock(mutex_);
    return is_requested_;
  }

  bool wait_for(std::chrono::milliseconds duration) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, duration, [&] { return is_requested_; });
  }

  bool request() {
    std::unique_lock lock(mutex_);
    if (is_requested_) return false;
    is_requested_ = true;
    requester_ = std::this_thread::get_id();
    changed_.notify_all();
    while (!callbacks_.empty()) {
      running_ = callbacks_.back();
      callbacks_.pop_back();
      lock.unlock();
      running_->function_();  // It is not destroyed before this returns: `remove` waits.
      lock.lock();
      running_ = nullptr;
      changed_.notify_all();
    }
    return true;
  }

  /// @returns false when a stop was asked for already: whoever adds calls the function himself.
  bool add(StopCallback* callback) {
    std::lock_guard lock(mutex_);
    if (!is_requested_) callbacks_.push_back(callback);
    return !is_requested_;
  }

  void remove(StopCallback* callback) {
    std::unique_lock lock(mutex_);
    callbacks_.erase(std::remove(callbacks_.begin(), callbacks_.end(), callback), callbacks_.end());
    if (requester_ == std::this_thread::get_id()) return;  // A callback that destroys itself must not wait for itself.
    changed_.wait(lock, [&] { return running_ != callback; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_requested_ = false;
  std::vector<StopCallback*> callbacks_;
  StopCallback* running_ = nullptr;
  std::thread::id requester_;
};

}  // namespace detail

bool StopToken::stop_requested() const noexcept { return state_ && state_->requested(); }

bool StopToken::wait_for(std::chrono::milliseconds duration) const {
  if (state_) return state_->wait_for(duration);
  std::this_thread::sleep_for(duration);
  return false;
}

StopSource::StopSource() : state_(std::make_shared<detail::StopState>()) {}

bool StopSource::request_stop() { return state_->request(); }

StopCallback::StopCallback(const StopToken& token, std::function<void()> function)
    : state_(token.state_), function_(std::move(function)) {
  if (state_ && !state_->add(this)) function_();
}

StopCallback::~StopCallback() {
  if (state_) state_->remove(this);
}

}  // namespace voxhost
