// Everything that the host refuses, as one type: its own code, reason, sentence and metadata.
using System;
using System.Collections.Generic;
using Google.Rpc;
using Grpc.Core;
using Voxhost.V1;

namespace Voxhost
{
    /// <summary>An error of the host or of the way to it. The host's docs/errors.md lists the reasons.</summary>
    public sealed class VoxhostException : Exception
    {
        /// <summary>The gRPC status code.</summary>
        public StatusCode Code { get; }

        /// <summary>UPPER_SNAKE, the same from version to version, for programs.</summary>
        public string Reason { get; }

        /// <summary>The field, what came, what was expected, the step.</summary>
        public IReadOnlyDictionary<string, string> Metadata { get; }

        internal VoxhostException(
            StatusCode code, string reason, string message, IDictionary<string, string> metadata = null, Exception cause = null)
            : base(message, cause)
        {
            Code = code;
            Reason = reason;
            Metadata = new Dictionary<string, string>(metadata ?? new Dictionary<string, string>());
        }

        internal static VoxhostException From(RpcException e, string address)
        {
            var info = e.GetRpcStatus()?.GetDetail<ErrorInfo>();
            if (info != null)
            {
                return new VoxhostException(e.StatusCode, info.Reason, e.Status.Detail, info.Metadata, e);
            }
            switch (e.StatusCode)
            {
                case StatusCode.Unavailable:
                    return new VoxhostException(e.StatusCode, "HOST_UNAVAILABLE",
                        $"No host answers at {address}: {e.Status.Detail}", null, e);
                case StatusCode.DeadlineExceeded:
                    return new VoxhostException(e.StatusCode, "DEADLINE_EXCEEDED",
                        $"No answer from the host at {address} in the time given.", null, e);
                case StatusCode.Unimplemented:
                    return new VoxhostException(e.StatusCode, "UNIMPLEMENTED",
                        $"What answers at {address} does not speak voxhost.v1: it is no Voxhost host.", null, e);
                default:
                    return new VoxhostException(e.StatusCode, "INTERNAL",
                        $"The host at {address} answered {e.StatusCode}: {e.Status.Detail}", null, e);
            }
        }

        internal static VoxhostException From(RunError error) =>
            new VoxhostException((StatusCode)error.Code, error.Reason, error.Message, error.Metadata);
    }
}
