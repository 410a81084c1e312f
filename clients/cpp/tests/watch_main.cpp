// Watches a run that never says anything, with a sign of life every 100 ms: what it sends is what its test counts.
#include <cstdio>

#include "voxhost/voxhost.h"

int main(int count, char** words) {
  if (count != 2) return 2;
  voxhost::ConnectOptions options;
  options.timeout = std::chrono::minutes(1);
  options.keepalive = std::chrono::milliseconds(100);
  const auto host = voxhost::Host::connect(words[1], options);
  if (!host) {
    std::fprintf(stderr, "%s\n", host.error().message.c_str());
    return 1;
  }
  return host->watch("a-run") ? 0 : 1;
}
