// When a call ends, when it is made again, and how long to wait before.
#include "connection.h"

#include <algorithm>
#include <random>

namespace voxhost {
namespace {

/// Attempts without progress before a lost connection is given up.
constexpr int max_attempts = 6;
constexpr std::chrono::milliseconds first_delay{200};
constexpr std::chrono::milliseconds longest_delay{5000};

/// Between a half and the whole of a delay, so that clients that lost the same host do not come back together.
std::chrono::milliseconds with_jitter(std::chrono::milliseconds delay) {
  std::random_device source;
  std::uniform_real_distribution<double> share(0.5, 1.0);
  return std::chrono::milliseconds(static_cast<std::int64_t>(static_cast<double>(delay.count()) * share(source)));
}

}  // namespace

Limit::Limit(const CallOptions& options) : stop(options.stop) {
  if (options.timeout.count() > 0) deadline = std::chrono::system_clock::now() + options.timeout;
}

std::optional<Error> Limit::ended() const {
  if (stop.stop_requested()) return stopped_by_caller();
  if (deadline && std::chrono::system_clock::now() >= *deadline) return out_of_time();
  return std::nullopt;
}

Attempt::Attempt(const Connection& connection, const Limit& limit)
    : connection_(connection), limit_(limit), on_stop_(limit.stop, [this] { context.TryCancel(); }) {
  if (!connection.token.empty()) context.AddMetadata("authorization", "Bearer " + connection.token);
  if (limit.deadline) context.set_deadline(*limit.deadline);
}

Error Attempt::explain(const grpc::Status& status) const {
  const bool is_end = status.error_code() == grpc::CANCELLED || status.error_code() == grpc::DEADLINE_EXCEEDED;
  if (is_end && limit_.stop.stop_requested()) return stopped_by_caller();
  if (status.error_code() == grpc::DEADLINE_EXCEEDED && limit_.deadline) return out_of_time();
  return from_status(status, connection_.address);
}

std::optional<Error> Patience::wait_after(const Error& error, const Limit& limit) {
  failures_ += 1;
  if (failures_ >= max_attempts) return error;
  auto delay = with_jitter(std::min(longest_delay, first_delay * (1 << (failures_ - 1))));
  if (limit.deadline) {
    const auto left = *limit.deadline - std::chrono::system_clock::now();
    delay = std::clamp(std::chrono::duration_cast<std::chrono::milliseconds>(left), std::chrono::milliseconds(0), delay);
  }
  limit.stop.wait_for(delay);
  return limit.ended();
}

}  // namespace voxhost
