// One operation after the other on a completion queue of its own.
#include "raw_stream.h"

namespace voxhost {

RawStream::RawStream(grpc::GenericStub& stub, grpc::ClientContext& context, const std::string& method)
    : context_(context), stream_(stub.PrepareCall(&context, method, &queue_)) {
  stream_->StartCall(this);
  wait();
}

RawStream::~RawStream() {
  if (!is_finished_) {
    context_.TryCancel();
    finish();
  }
  queue_.Shutdown();
  while (wait()) {
  }
}

bool RawStream::write(const grpc::ByteBuffer& message) {
  stream_->Write(message, this);
  return wait();
}

bool RawStream::write_last(const grpc::ByteBuffer& message) {
  stream_->WriteLast(message, grpc::WriteOptions(), this);
  return wait();
}

bool RawStream::read(grpc::ByteBuffer* message) {
  stream_->Read(message, this);
  return wait();
}

grpc::Status RawStream::finish() {
  is_finished_ = true;
  grpc::Status status;
  stream_->Finish(&status, this);
  wait();
  return status;
}

/// One operation is under way at a time, so the next thing in the queue is its end.
bool RawStream::wait() {
  void* tag = nullptr;
  bool is_ok = false;
  return queue_.Next(&tag, &is_ok) && is_ok;
}

}  // namespace voxhost
