// SHA-256, by OpenSSL, which gRPC brings along.
#pragma once

#include <memory>
#include <string>

#include "voxhost/view.h"

struct evp_md_ctx_st;

namespace voxhost {

/// SHA-256 of bytes that come one after the other.
class Sha256 {
 public:
  Sha256();
  void update(Bytes bytes);
  /// 64 lower-case hexadecimal digits. Nothing can be added afterwards.
  std::string finish();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const noexcept;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

}  // namespace voxhost
