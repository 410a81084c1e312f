// Runs: create, watch through broken connections, cancel, and all of it as one promise.
import { randomUUID } from 'node:crypto';
import { Cancelled, fromPlainError } from '../../server/errors.js';
import { callUnary, callUnaryAgain, readCall } from './calls.js';
import type { Channel } from './channel.js';
import { cancelled, isLostConnection } from './errors.js';
import { eventFromWire, runFromWire } from './runs-from-wire.js';
import { parametersToWire } from './to-wire.js';
import type {
  CallOptions,
  HostInfo,
  ParameterValue,
  Run,
  RunEvent,
  RunInput,
  TransferProgress,
  Volume,
} from './types.js';
import { type UploadOptions, uploadVolume } from './upload.js';
import { MAX_ATTEMPTS, waitBeforeRetry } from './wait.js';

/** How a run goes. */
export interface RunOptions extends CallOptions {
  /** Values by parameter name; those left out have their defaults. */
  readonly parameters?: Readonly<Record<string, ParameterValue>> | undefined;
  /** The same id gives the same run again; a random one when not given, so that a retry never runs twice. */
  readonly requestId?: string | undefined;
  /** Called with each event; the last is `succeeded`, `failed` or `cancelled`. */
  readonly onEvent?: ((event: RunEvent) => void) | undefined;
  /** Called while an input is being sent. */
  readonly onUpload?: ((input: string, progress: Parameters<TransferProgress>[0]) => void) | undefined;
  readonly compression?: UploadOptions['compression'];
}

/** Sends the inputs that the host lacks and puts the run in the queue. */
export async function createRun(
  channel: Channel,
  info: HostInfo,
  workflow: string,
  inputs: Readonly<Record<string, RunInput>>,
  options: RunOptions = {},
): Promise<Run> {
  const names: Record<string, string> = {};
  for (const [input, source] of Object.entries(inputs)) {
    const { signal, compression } = options;
    const onProgress: TransferProgress = (progress) => options.onUpload?.(input, progress);
    const volume: Volume =
      'voxels' in source ? await uploadVolume(channel, info, source, { signal, compression, onProgress }) : source;
    names[input] = volume.name;
  }
  if (options.signal?.aborted) throw cancelled(options.signal);
  const request = {
    workflow,
    inputs: names,
    parameters: parametersToWire(options.parameters),
    requestId: options.requestId ?? randomUUID(),
  };
  for (let attempt = 1; ; attempt += 1) {
    try {
      // Without the caller's signal: a call cut here could leave a run behind that nobody knows of.
      return runFromWire(await callUnary(channel, channel.runs, 'createRun', request));
    } catch (error) {
      if (!isLostConnection(error) || attempt >= MAX_ATTEMPTS) throw error;
      await waitBeforeRetry(attempt, options.signal);
    }
  }
}

/** What happened to a run and what happens, to its last event, through lost connections. */
export async function* watchRun(
  channel: Channel,
  name: string,
  options: CallOptions & { afterSequence?: number } = {},
): AsyncGenerator<RunEvent, void, undefined> {
  let afterSequence = options.afterSequence ?? 0;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const open = () => channel.runs.watchRun({ name, afterSequence }, channel.metadata);
      for await (const message of readCall(channel, open, options.signal)) {
        attempt = 1;
        afterSequence = message.sequence;
        const event = eventFromWire(message);
        if (event) yield event;
      }
      return;
    } catch (error) {
      if (!isLostConnection(error) || attempt >= MAX_ATTEMPTS) throw error;
      await waitBeforeRetry(attempt, options.signal);
    }
  }
}

/** Asks a run to stop and answers with it. */
export async function cancelRun(channel: Channel, name: string, options: CallOptions = {}): Promise<Run> {
  return runFromWire(await callUnaryAgain(channel, channel.runs, 'cancelRun', { name }, options));
}

/**
 * Sends the inputs, runs and waits for the end. When the signal aborts, the run is cancelled on the host first.
 * @throws VoxhostError as the run failed; Cancelled when it was stopped.
 */
export async function runWorkflow(
  channel: Channel,
  info: HostInfo,
  workflow: string,
  inputs: Readonly<Record<string, RunInput>>,
  options: RunOptions = {},
): Promise<Run> {
  const { signal } = options;
  const { name } = await createRun(channel, info, workflow, inputs, options);
  try {
    for await (const event of watchRun(channel, name, { signal })) {
      options.onEvent?.(event);
      if (event.kind === 'succeeded') return event.result;
      if (event.kind === 'failed') throw fromPlainError(event.error);
      if (event.kind === 'cancelled') throw new Cancelled(`The run was cancelled: ${event.reason}`);
    }
  } catch (error) {
    if (signal?.aborted) await cancelRun(channel, name).catch(() => {});
    throw error;
  }
  // A watch that ended without a last event: the run says itself how it is.
  const run = runFromWire(await callUnaryAgain(channel, channel.runs, 'getRun', { name }, { signal }));
  if (run.error) throw fromPlainError(run.error);
  if (run.state !== 'succeeded') throw new Cancelled(`The run ended as ${run.state}.`);
  return run;
}
