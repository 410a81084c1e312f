// Runs: the inputs sent, the run created, watched through lost connections, cancelled on the host when stopped here.
#include "connection.h"
#include "from_wire.h"
#include "upload.h"

namespace voxhost {
namespace {

using OnEvent = std::function<void(const Event&)>;

Error run_cancelled(const std::string& run, const std::string& why) {
  return {Code::cancelled, "CANCELLED", "The run was cancelled: " + why, {{"run", run}}};
}

Result<Run> get(const Connection& connection, const std::string& name, const Limit& limit) {
  v1::GetRunRequest request;
  request.set_name(name);
  const auto answer = ask<v1::Run>(connection, limit, [&](grpc::ClientContext* context, v1::Run* response) {
    return connection.runs->GetRun(context, request, response);
  });
  if (!answer) return answer.error();
  return from_wire(*answer);
}

Result<Run> cancel_run(const Connection& connection, const std::string& name, const Limit& limit) {
  v1::CancelRunRequest request;
  request.set_name(name);
  const auto answer = ask<v1::Run>(connection, limit, [&](grpc::ClientContext* context, v1::Run* response) {
    return connection.runs->CancelRun(context, request, response);
  });
  if (!answer) return answer.error();
  return from_wire(*answer);
}

/// Reads events after `sequence` for as long as the connection holds. @returns code `ok` at the stream's end.
Error watch_once(const Connection& connection, const std::string& run, const Limit& limit, const OnEvent& on_event,
                 std::int64_t* sequence, std::optional<Event>* last) {
  Attempt attempt(connection, limit);
  v1::WatchRunRequest request;
  request.set_name(run);
  request.set_after_sequence(*sequence);
  const auto stream = connection.runs->WatchRun(&attempt.context, request);
  Error thrown{Code::ok, {}, {}, {}};
  v1::RunEvent message;
  while (thrown.code == Code::ok && stream->Read(&message)) {
    *sequence = message.sequence();
    *last = from_wire(message);
    thrown = guarded(on_event, **last);
  }
  if (thrown.code != Code::ok) attempt.context.TryCancel();
  const grpc::Status status = stream->Finish();
  if (thrown.code != Code::ok) return thrown;
  return status.ok() ? thrown : attempt.explain(status);
}

/// Waits for a run's last event.
Result<Run> follow(const Connection& connection, const std::string& name, const Limit& limit, const OnEvent& on_event) {
  Patience patience;
  std::int64_t sequence = 0;
  std::optional<Event> last;
  for (;;) {
    const std::int64_t before = sequence;
    const Error error = watch_once(connection, name, limit, on_event, &sequence, &last);
    if (error.code == Code::ok) break;
    if (sequence > before) patience.renew();
    if (!is_lost_connection(error)) return error;
    if (auto end = patience.wait_after(error, limit)) return *std::move(end);
  }
  if (last) {
    if (auto* succeeded = std::get_if<Succeeded>(&last->what)) return std::move(succeeded->run);
    if (auto* failed = std::get_if<Failed>(&last->what)) return std::move(failed->error);
    if (auto* cancelled = std::get_if<Cancelled>(&last->what)) return run_cancelled(name, cancelled->reason);
  }
  // A watch that ended without a last event: the run says itself how it is.
  auto run = get(connection, name, limit);
  if (!run) return run;
  if (run->error) return *run->error;
  if (run->state != RunState::succeeded) return run_cancelled(name, std::string("it ended as ") + name_of(run->state));
  return run;
}

/// Sends the inputs and creates the run. @returns its name.
Result<std::string> create(const Connection& connection, const std::string& workflow, const RunInputs& inputs,
                           const RunOptions& options, const Limit& limit) {
  v1::CreateRunRequest request;
  request.set_workflow(workflow);
  request.set_request_id(options.request_id.empty() ? random_id() : options.request_id);
  for (const auto& [name, value] : options.parameters) (*request.mutable_parameters())[name] = to_wire(value);
  for (const auto& [name, input] : inputs) {
    std::string& volume_name = (*request.mutable_inputs())[name];
    if (const Volume* volume = input.volume()) {
      volume_name = volume->name;
      continue;
    }
    OnBytes on_bytes;
    if (options.on_sent) on_bytes = [&, &input_name = name](const TransferProgress& sent) { options.on_sent(input_name, sent); };
    const auto volume = upload_image(connection, limit, *input.image(), on_bytes);
    if (!volume) return volume.error();
    volume_name = volume->name;
  }
  if (auto end = limit.ended()) return *std::move(end);
  // Without the caller's end: a call cut here could leave a run behind that nobody knows of.
  const Limit whole;
  const auto run = ask<v1::Run>(connection, whole, [&](grpc::ClientContext* context, v1::Run* response) {
    return connection.runs->CreateRun(context, request, response);
  });
  if (!run) return run.error();
  return run->name();
}

}  // namespace

Result<Run> Host::run(const std::string& workflow, const RunInputs& inputs, const RunOptions& options) const {
  const Limit limit(options);
  const auto name = create(*connection_, workflow, inputs, options, limit);
  if (!name) return name.error();
  auto run = follow(*connection_, *name, limit, options.on_event);
  if (run) return run;
  auto end = limit.ended();
  const bool is_ours = end || run.error().reason == "CALLBACK_THREW";
  if (!is_ours) return run;
  CallOptions late;
  late.timeout = std::chrono::seconds(10);
  static_cast<void>(cancel_run(*connection_, *name, Limit(late)));  // The caller's own end says more than this one's.
  return end ? *std::move(end) : run.error();
}

Result<Run> Host::watch(const std::string& run, const OnEvent& on_event, const CallOptions& options) const {
  return follow(*connection_, run, Limit(options), on_event);
}

Result<Run> Host::get_run(const std::string& run, const CallOptions& options) const {
  return get(*connection_, run, Limit(options));
}

Result<Run> Host::cancel(const std::string& run, const CallOptions& options) const {
  return cancel_run(*connection_, run, Limit(options));
}

}  // namespace voxhost
