// Addresses: what a user writes, and gRPC's target for it. Pure.
#pragma once

#include <string>

#include "voxhost/result.h"

namespace voxhost {

struct Target {
  /// For grpc::CreateChannel.
  std::string uri;
  /// This machine: no proxy, and a token may go without TLS.
  bool is_local = false;
};

/// Reads `host:port`, `host` (port 50151), `[::1]:port` or `unix:/path`. Reasons: INVALID_FIELD.
Result<Target> parse_address(const std::string& address);

}  // namespace voxhost
