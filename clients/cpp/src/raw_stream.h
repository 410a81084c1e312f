// A streaming call whose messages are bytes, made step by step: what protobuf's own classes would copy once more.
#pragma once

#include <grpcpp/client_context.h>
#include <grpcpp/completion_queue.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/support/byte_buffer.h>

#include <memory>
#include <string>

namespace voxhost {

/// Of one thread. Each step waits for gRPC; cancelling the context from any thread ends the wait.
class RawStream {
 public:
  /// Opens the call. `context` outlives this.
  RawStream(grpc::GenericStub& stub, grpc::ClientContext& context, const std::string& method);
  /// Cancels what has not been finished.
  ~RawStream();
  RawStream(const RawStream&) = delete;
  RawStream& operator=(const RawStream&) = delete;

  /// @returns false when the call has ended: `finish` says why.
  bool write(const grpc::ByteBuffer& message);
  bool write_last(const grpc::ByteBuffer& message);
  /// @returns false when no message follows.
  bool read(grpc::ByteBuffer* message);
  /// How the call ended. Once, after the last message.
  grpc::Status finish();

 private:
  bool wait();

  grpc::ClientContext& context_;
  grpc::CompletionQueue queue_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> stream_;
  bool is_finished_ = false;
};

}  // namespace voxhost
