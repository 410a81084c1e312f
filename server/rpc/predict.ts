// Predict: inputs in, a run, its events and results out, in one call. Whatever ends the call early ends the run.
import type { ChunkEncoding__Output } from '../../proto/generated/voxhost/v1/ChunkEncoding.js';
import type { PredictRequest__Output } from '../../proto/generated/voxhost/v1/PredictRequest.js';
import type { PredictResponse } from '../../proto/generated/voxhost/v1/PredictResponse.js';
import { Cancelled, fromPlainError } from '../errors.js';
import type { Run, RunEvent, RunRequest } from '../runs/run.js';
import type { CallContext } from './call-context.js';
import { readChunks } from './read-chunks.js';
import { receiveInputs } from './receive-inputs.js';
import type { Rooms } from './rooms.js';
import { runEventToWire } from './runs-wire.js';

/** @throws as Predict's Errors say; the error of a run that failed, after its last event */
export async function* predict(
  requests: AsyncIterable<PredictRequest__Output>,
  { signal }: CallContext,
  rooms: Rooms,
): AsyncGenerator<PredictResponse, void, undefined> {
  const { request, acceptEncodings, unpin } = await receiveInputs(requests, rooms);
  const run = await createUnlessGone(request, signal, rooms).finally(unpin);
  try {
    yield* follow(run, acceptEncodings, signal, rooms);
  } finally {
    // A run that has ended stays as it is.
    await rooms.runs.cancelRun(run.name, 'The caller of Predict went away.').catch(() => {});
  }
}

async function createUnlessGone(request: RunRequest, signal: AbortSignal, { runs }: Rooms): Promise<Run> {
  signal.throwIfAborted();
  return runs.createRun(request);
}

async function* follow(
  run: Run,
  acceptEncodings: readonly ChunkEncoding__Output[],
  signal: AbortSignal,
  { runs, store }: Rooms,
): AsyncGenerator<PredictResponse, void, undefined> {
  let last: RunEvent | undefined;
  for await (const event of runs.watchRun(run.name, 0, signal)) {
    last = event;
    yield { event: runEventToWire(event) };
    if (event.kind === 'output-ready') {
      const { name, volume } = event.output;
      const range = { offsetBytes: 0, limitBytes: 0 };
      for await (const read of readChunks(store, volume, range, acceptEncodings, signal)) {
        yield { read: { output: name, read } };
      }
    }
  }
  signal.throwIfAborted();
  if (last?.kind === 'failed') throw fromPlainError(last.error);
  if (last?.kind !== 'succeeded')
    throw new Cancelled(last?.kind === 'cancelled' ? last.reason : 'The run was stopped.');
}
