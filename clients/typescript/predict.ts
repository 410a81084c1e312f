// Predict: inputs in, events and results out, all in one call. When it ends early, so does the run.
import { createHash } from 'node:crypto';
import { setImmediate as breathe } from 'node:timers/promises';
import type { PredictRequest } from '../../proto/generated/voxhost/v1/PredictRequest.js';
import type { PredictResponse__Output } from '../../proto/generated/voxhost/v1/PredictResponse.js';
import { Cancelled, fromPlainError, InvalidArgument } from '../../server/errors.js';
import { headerSizeBytes } from '../../server/imaging/volume-header.js';
import { linkSignals } from '../../server/streams/linked-signals.js';
import { writeWithBackpressure } from '../../server/streams/write-with-backpressure.js';
import { readCall } from './calls.js';
import type { Channel } from './channel.js';
import { type ChunkPlan, makeChunks, planChunks } from './chunks.js';
import { createOutputReceiver, incomplete, type ReceivedOutput } from './receive-outputs.js';
import type { RunOptions } from './runs.js';
import { eventFromWire } from './runs-from-wire.js';
import { headerToWire, parametersToWire } from './to-wire.js';
import type { HostInfo, Image, Run, RunInput } from './types.js';

/** A prediction: the run as it ended, and its results with their voxels, by output name. */
export interface Prediction {
  readonly run: Run;
  readonly outputs: Readonly<Record<string, ReceivedOutput>>;
}

export type PredictOptions = Omit<RunOptions, 'onUpload'>;
type Inputs = Readonly<Record<string, RunInput>>;

/**
 * Runs a workflow in one call.
 * @throws InvalidArgument; VoxhostError as the run failed; Cancelled.
 */
export async function predict(
  channel: Channel,
  info: HostInfo,
  workflow: string,
  inputs: Inputs,
  options: PredictOptions = {},
): Promise<Prediction> {
  const images = streamedImages(inputs);
  const plan = planChunks(channel, info, options.compression);
  const start = startMessage(workflow, inputs, options, plan);
  const ended = new AbortController();
  const linked = linkSignals(options.signal, ended.signal);
  const receiver = createOutputReceiver();
  const sending: { done?: Promise<void>; error?: unknown } = {};
  let result: Run | undefined;

  const open = () => {
    const call = channel.runs.predict(channel.metadata);
    const send = (message: PredictRequest) => writeWithBackpressure(call, message, linked.signal);
    sending.done = (async () => {
      try {
        await sendAll(send, start, images, plan);
        call.end();
      } catch (error) {
        // Expected when the host has answered already: the status that is read below says why.
        sending.error = error;
        if (!linked.signal.aborted) call.cancel();
      }
    })();
    return call;
  };
  try {
    for await (const message of readCall<PredictResponse__Output>(channel, open, options.signal)) {
      if (message.read) await receiver.accept(message.read);
      else if (message.event) result = takeEvent(message.event, options) ?? result;
    }
  } finally {
    ended.abort();
    await sending.done;
    linked.cleanup();
  }
  if (!result) throw sending.error ?? incomplete('run');
  return { run: result, outputs: await receiver.collect(result) };
}

/** Hands an event on. @returns the run of the last one. @throws as the run failed. */
function takeEvent(message: NonNullable<PredictResponse__Output['event']>, options: PredictOptions): Run | undefined {
  const event = eventFromWire(message);
  if (!event) return undefined;
  options.onEvent?.(event);
  if (event.kind === 'failed') throw fromPlainError(event.error);
  if (event.kind === 'cancelled') throw new Cancelled(`The run was cancelled: ${event.reason}`);
  return event.kind === 'succeeded' ? event.result : undefined;
}

function streamedImages(inputs: Inputs): { name: string; image: Image }[] {
  const images = Object.entries(inputs).flatMap(([name, input]) => ('voxels' in input ? [{ name, image: input }] : []));
  for (const { name, image } of images) {
    const expected = headerSizeBytes(image.header);
    if (image.voxels.length === expected) continue;
    throw new InvalidArgument(
      `${name}.voxels`,
      `${image.voxels.length} bytes`,
      `${expected} bytes, as the header says`,
    );
  }
  return images;
}

function startMessage(workflow: string, inputs: Inputs, options: PredictOptions, plan: ChunkPlan): PredictRequest {
  const entries = Object.entries(inputs);
  return {
    start: {
      run: {
        workflow,
        inputs: Object.fromEntries(entries.flatMap(([name, input]) => ('voxels' in input ? [] : [[name, input.name]]))),
        parameters: parametersToWire(options.parameters),
        requestId: options.requestId ?? '',
      },
      streamedInputs: entries.flatMap(([name, input]) => ('voxels' in input ? [name] : [])),
      acceptEncodings: plan.packed ? ['CHUNK_ENCODING_DELTA_SHUFFLE_DEFLATE'] : [],
    },
  };
}

async function sendAll(
  send: (message: PredictRequest) => Promise<void>,
  start: PredictRequest,
  images: readonly { name: string; image: Image }[],
  plan: ChunkPlan,
): Promise<void> {
  await send(start);
  for (const { name: input, image } of images) {
    await send({ write: { input, write: { header: { uploadId: '', header: headerToWire(image.header) } } } });
    const hash = createHash('sha256');
    let hashedBytes = 0;
    for await (const { chunk, endBytes } of makeChunks(image, 0, plan)) {
      await send({ write: { input, write: { chunk } } });
      // While the host takes the chunk, which leaves in the next turn.
      await breathe();
      hash.update(image.voxels.subarray(hashedBytes, endBytes));
      hashedBytes = endBytes;
    }
    const finish = { sizeBytes: image.voxels.length, sha256: hash.digest('hex') };
    await send({ write: { input, write: { finish } } });
  }
}
