// A connection to a host: list, upload, run, download.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Grpc.Core;
using Grpc.Net.Client;
using Voxhost.V1;

namespace Voxhost
{
    /// <summary>A connection to a host, for many threads.</summary>
    public sealed partial class VoxhostClient : IDisposable
    {
        /// <summary>The revision of voxhost.v1 that this package speaks.</summary>
        public const uint ProtocolVersion = 1;

        private const int MaxMessageBytes = 16 << 20;
        private readonly Uri _address;
        private readonly GrpcChannel _channel;
        private readonly Metadata _headers = new Metadata();
        private HostInfo _info;

        private VoxhostClient(Uri address, string token)
        {
            _address = address;
            if (token != null) _headers.Add("authorization", "Bearer " + token);
            _channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions
            {
                MaxReceiveMessageSize = MaxMessageBytes,
                ThrowOperationCanceledOnCancellation = true,
            });
        }

        /// <summary>Connects to http://host:port or, with TLS, https://host:port.</summary>
        /// <exception cref="VoxhostException">HOST_UNAVAILABLE, DEADLINE_EXCEEDED, NO_TOKEN, WRONG_TOKEN,
        /// PROTOCOL_MISMATCH, UNIMPLEMENTED (no Voxhost host)</exception>
        /// <exception cref="ArgumentException">a token would cross a network without TLS</exception>
        public static async Task<VoxhostClient> ConnectAsync(
            string address, string token = null, CancellationToken cancellation = default)
        {
            var uri = new Uri(address);
            if (token != null && uri.Scheme != Uri.UriSchemeHttps && !uri.IsLoopback)
            {
                throw new ArgumentException("A token would cross the network readable: connect to https://", nameof(address));
            }
            var client = new VoxhostClient(uri, token);
            try
            {
                var hosts = new HostService.HostServiceClient(client._channel);
                client._info = await client.Explained(async () => await hosts.GetHostInfoAsync(
                    new GetHostInfoRequest(), client._headers, DateTime.UtcNow.AddSeconds(5), cancellation));
                client.CheckProtocol();
                return client;
            }
            catch
            {
                client.Dispose();
                throw;
            }
        }

        /// <summary>What the host said of itself when it was connected to.</summary>
        public HostInfo Info => _info;

        /// <summary>All deployed workflows by name.</summary>
        public async Task<IReadOnlyList<Workflow>> WorkflowsAsync(CancellationToken cancellation = default)
        {
            var client = new WorkflowService.WorkflowServiceClient(_channel);
            var all = new List<Workflow>();
            var request = new ListWorkflowsRequest();
            do
            {
                var page = await Explained(async () =>
                    await client.ListWorkflowsAsync(request, _headers, null, cancellation));
                all.AddRange(page.Workflows);
                request.PageToken = page.NextPageToken;
            }
            while (request.PageToken != "");
            return all;
        }

        public void Dispose() => _channel.Dispose();

        private void CheckProtocol()
        {
            if (_info.ProtocolVersionMin <= ProtocolVersion && ProtocolVersion <= _info.ProtocolVersionMax) return;
            var older = ProtocolVersion < _info.ProtocolVersionMin ? "this client" : "the host";
            throw new VoxhostException(StatusCode.FailedPrecondition, "PROTOCOL_MISMATCH",
                $"The host at {_address.Authority} (version {_info.Version}) speaks revisions {_info.ProtocolVersionMin} to " +
                $"{_info.ProtocolVersionMax} of the protocol, this client revision {ProtocolVersion}. Update {older}.");
        }

        /// <summary>Makes a call; what gRPC throws becomes a VoxhostException.</summary>
        private async Task<T> Explained<T>(Func<Task<T>> call)
        {
            try
            {
                return await call();
            }
            catch (RpcException e)
            {
                throw VoxhostException.From(e, _address.Authority);
            }
        }
    }
}
