// Connects to a host and checks that both speak the same protocol.
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "address.h"
#include "connection.h"
#include "from_wire.h"

namespace voxhost {
namespace {

// At 20 ms round trip gRPC's 64 KiB hold a download to a few MB/s.
constexpr int window_bytes = 16 << 20;
constexpr int max_message_bytes = 16 << 20;

grpc::ChannelArguments channel_arguments(const ConnectOptions& options, bool is_local) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_HTTP2_STREAM_LOOKAHEAD_BYTES, window_bytes);
  arguments.SetMaxReceiveMessageSize(max_message_bytes);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, static_cast<int>(options.keepalive.count()));
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20'000);
  // After two pings without data gRPC would fall silent, and a proxy that cuts at 60 s idle would end a long watch.
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 200);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 5'000);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 5'000);
  // Each Host has a connection of its own.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  if (is_local) arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  if (options.tls && !options.tls->server_name.empty()) arguments.SetSslTargetNameOverride(options.tls->server_name);
  return arguments;
}

Result<std::shared_ptr<grpc::ChannelCredentials>> credentials_of(const ConnectOptions& options) {
  if (!options.tls) return grpc::InsecureChannelCredentials();
  grpc::SslCredentialsOptions ssl;
  if (const std::string& file = options.tls->ca_file; !file.empty()) {
    std::ifstream stream(file, std::ios::binary);
    std::ostringstream text;
    text << stream.rdbuf();
    ssl.pem_root_certs = text.str();
    if (ssl.pem_root_certs.empty()) return invalid_field("tls.ca_file", file, "a file of certificates that can be read");
  }
  return grpc::SslCredentials(ssl);
}

/// gRPC ends the whole program over a header that has other characters.
bool is_header_value(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

std::optional<Error> compare_protocols(const std::string& address, const HostInfo& info) {
  const std::uint32_t least = info.protocol_version_min, most = info.protocol_version_max;
  if (least <= protocol_version && protocol_version <= most) return std::nullopt;
  std::ostringstream sentence;
  sentence << "The host at " << address << " (version " << info.version << ") speaks revisions " << least << " to " << most
           << " of the protocol, this client revision " << protocol_version << ". Update "
           << (protocol_version < least ? "this client." : "the host.");
  return Error{Code::failed_precondition,
               "PROTOCOL_MISMATCH",
               sentence.str(),
               {{"address", address}, {"host_version", info.version}}};
}

}  // namespace

Host::Host(std::unique_ptr<detail::Connection> connection) : connection_(std::move(connection)) {}
Host::Host(Host&&) noexcept = default;
Host& Host::operator=(Host&&) noexcept = default;
Host::~Host() = default;

Result<Host> Host::connect(const std::string& address, const ConnectOptions& options) {
  auto target = parse_address(address);
  if (!target) return target.error();
  if (!options.token.empty() && !options.tls && !target->is_local && !options.insecure_token) {
    return invalid_field("tls", "none",
                         "TLS beside a token, which would cross the network readable. Give ConnectOptions::tls, or say "
                         "insecure_token in as many words");
  }
  if (!is_header_value(options.token)) {
    return invalid_field("token", "not shown", "printable ASCII characters, without a line's end");
  }
  auto credentials = credentials_of(options);
  if (!credentials) return credentials.error();
  const auto channel = grpc::CreateCustomChannel(target->uri, *credentials, channel_arguments(options, target->is_local));
  auto connection = std::make_unique<detail::Connection>();
  connection->address = address;
  connection->token = options.token;
  connection->host = v1::HostService::NewStub(channel);
  connection->workflows = v1::WorkflowService::NewStub(channel);
  connection->volumes = v1::VolumeService::NewStub(channel);
  connection->runs = v1::RunService::NewStub(channel);
  connection->raw = std::make_unique<grpc::GenericStub>(channel);

  CallOptions first;
  first.stop = options.stop;
  first.timeout = options.timeout;
  const Limit limit(first);
  Attempt attempt(*connection, limit);
  v1::HostInfo answer;
  const grpc::Status status = connection->host->GetHostInfo(&attempt.context, {}, &answer);
  if (!status.ok()) {
    Error error = attempt.explain(status);
    // Of the two, whose time it was says less than where it went.
    if (error.code == Code::deadline_exceeded) error = from_status({grpc::DEADLINE_EXCEEDED, ""}, address);
    return error;
  }
  connection->info = from_wire(answer);
  if (auto mismatch = compare_protocols(address, connection->info)) return *std::move(mismatch);
  return Host(std::move(connection));
}

Result<HostInfo> Host::info(const CallOptions& options) const {
  const auto answer = ask<v1::HostInfo>(*connection_, Limit(options), [&](grpc::ClientContext* context, v1::HostInfo* info) {
    return connection_->host->GetHostInfo(context, {}, info);
  });
  if (!answer) return answer.error();
  return from_wire(*answer);
}

}  // namespace voxhost
