// StopSource, StopToken, StopCallback; under the thread sanitizer too.
#include <doctest/doctest.h>

#include <atomic>
#include <future>
#include <thread>
#include <vector>

#include "voxhost/stop.h"

using namespace voxhost;

TEST_CASE("a token of no source never stops, and waits its time out") {
  const StopToken token;
  CHECK_FALSE(token.stop_requested());
  CHECK_FALSE(token.wait_for(std::chrono::milliseconds(1)));
}

TEST_CASE("a stop is asked for once, calls each callback once, and ends a wait") {
  StopSource source;
  std::atomic<int> calls{0};
  StopCallback first(source.token(), [&] { ++calls; });
  StopCallback second(source.token(), [&] { ++calls; });
  auto waiter = std::async(std::launch::async, [&] { return source.token().wait_for(std::chrono::hours(1)); });
  CHECK(source.request_stop());
  CHECK_FALSE(source.request_stop());
  CHECK(waiter.get());
  CHECK(calls == 2);
  StopCallback late(source.token(), [&] { ++calls; });
  CHECK_MESSAGE(calls == 3, "at once when the stop was asked for before");
}

TEST_CASE("a callback that is gone is not called") {
  StopSource source;
  bool is_called = false;
  { StopCallback gone(source.token(), [&] { is_called = true; }); }
  source.request_stop();
  CHECK_FALSE(is_called);
}

TEST_CASE("a callback may end its own registration") {
  StopSource source;
  std::unique_ptr<StopCallback> callback;
  callback = std::make_unique<StopCallback>(source.token(), [&] { callback.reset(); });
  CHECK(source.request_stop());
  CHECK(callback == nullptr);
}

TEST_CASE("whoever destroys a callback that is running waits for its end") {
  StopSource source;
  std::promise<void> entered, leave;
  std::atomic<bool> has_ended{false};
  auto callback = std::make_unique<StopCallback>(source.token(), [&] {
    entered.set_value();
    leave.get_future().wait();
    has_ended = true;
  });
  std::thread stopper([&] { source.request_stop(); });
  entered.get_future().wait();
  auto destroyed = std::async(std::launch::async, [&] {
    callback.reset();
    return has_ended.load();
  });
  leave.set_value();
  CHECK(destroyed.get());
  stopper.join();
}

TEST_CASE("callbacks come and go in many threads while a stop is asked for") {
  for (int round = 0; round < 20; ++round) {
    StopSource source;
    std::vector<std::thread> threads;
    for (int number = 0; number < 4; ++number) {
      threads.emplace_back([token = source.token()] {
        std::atomic<int> calls{0};
        while (calls == 0) StopCallback(token, [&] { ++calls; });
      });
    }
    source.request_stop();
    for (auto& thread : threads) thread.join();
  }
}
