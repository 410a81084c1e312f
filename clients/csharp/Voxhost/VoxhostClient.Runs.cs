// Runs: the inputs sent, the run created and watched, cancelled with its caller's token.
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Voxhost.V1;

namespace Voxhost
{
    public sealed partial class VoxhostClient
    {
        /// <summary>Sends the inputs that the host lacks, runs a workflow on them and waits for its end. When the token
        /// is cancelled, the run is cancelled on the host.</summary>
        /// <param name="workflow">Workflow.Name</param>
        /// <param name="inputs">images by the names that the workflow declares</param>
        /// <param name="parameters">by name; those left out have their defaults</param>
        /// <param name="progress">told of each event</param>
        /// <param name="cancellation">the caller's token</param>
        /// <exception cref="VoxhostException">WORKFLOW_NOT_FOUND, INVALID_FIELD, those of UploadAsync, those of the run,
        /// CANCELLED when it was stopped on the host</exception>
        /// <exception cref="OperationCanceledException">the token was cancelled</exception>
        public async Task<Run> RunAsync(string workflow, IReadOnlyDictionary<string, Image> inputs,
            IReadOnlyDictionary<string, Value> parameters = null, IProgress<RunEvent> progress = null,
            CancellationToken cancellation = default)
        {
            var runs = new RunService.RunServiceClient(_channel);
            var request = new CreateRunRequest { Workflow = workflow, RequestId = Guid.NewGuid().ToString() };
            foreach (var input in inputs)
            {
                request.Inputs.Add(input.Key, (await UploadAsync(input.Value, cancellation)).Name);
            }
            foreach (var parameter in parameters ?? new Dictionary<string, Value>())
            {
                request.Parameters.Add(parameter.Key, parameter.Value);
            }
            // Without the caller's token: a call cut here could leave a run behind that nobody knows of.
            var run = await Explained(async () => await runs.CreateRunAsync(request, _headers));
            try
            {
                return await Explained(() => WatchAsync(runs, run.Name, progress, cancellation));
            }
            catch (OperationCanceledException)
            {
                await Explained(async () => await runs.CancelRunAsync(
                    new CancelRunRequest { Name = run.Name }, _headers, DateTime.UtcNow.AddSeconds(10)));
                throw;
            }
        }

        private async Task<Run> WatchAsync(RunService.RunServiceClient runs, string name, IProgress<RunEvent> progress,
            CancellationToken cancellation)
        {
            using (var call = runs.WatchRun(new WatchRunRequest { Name = name }, _headers, null, cancellation))
            {
                while (await call.ResponseStream.MoveNext(cancellation))
                {
                    var happened = call.ResponseStream.Current;
                    progress?.Report(happened);
                    if (happened.Succeeded != null) return happened.Succeeded.Run;
                    if (happened.Failed != null) throw VoxhostException.From(happened.Failed.Error);
                    if (happened.Cancelled == null) continue;
                    throw new VoxhostException(StatusCode.Cancelled, "CANCELLED",
                        "The run was cancelled: " + happened.Cancelled.Reason);
                }
            }
            throw new VoxhostException(StatusCode.Internal, "INTERNAL", "The host told nothing of the run's end.");
        }
    }
}
