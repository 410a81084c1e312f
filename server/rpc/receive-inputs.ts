// The first half of Predict: `start`, then the writes of every streamed input, in any order, to the request of a run.
import type { ChunkEncoding__Output } from '../../proto/generated/voxhost/v1/ChunkEncoding.js';
import type { PredictRequest__Output } from '../../proto/generated/voxhost/v1/PredictRequest.js';
import type { PredictStart__Output } from '../../proto/generated/voxhost/v1/PredictStart.js';
import { InvalidArgument } from '../errors.js';
import type { RunRequest } from '../runs/run.js';
import { createUploadReceiver, type UploadReceiver } from './receive-upload.js';
import type { Rooms } from './rooms.js';
import { runRequestFromWire } from './runs-wire.js';

export interface ReceivedInputs {
  readonly request: RunRequest;
  readonly acceptEncodings: readonly ChunkEncoding__Output[];
  /** Lets the store evict what was received, once the run holds it. */
  unpin(): void;
}

/** Reads until every streamed input is a volume. @throws as the Errors of WriteVolume say; InvalidArgument; NotFound */
export async function receiveInputs(
  requests: AsyncIterable<PredictRequest__Output>,
  rooms: Rooms,
): Promise<ReceivedInputs> {
  const pins: (() => void)[] = [];
  const unpin = (): void => {
    for (const release of pins.splice(0)) release();
  };
  const receivers = new Map<string, UploadReceiver>();
  const inputs = new Map<string, string>();
  let begun: { readonly start: PredictStart__Output; readonly request: RunRequest } | undefined;
  try {
    for await (const message of requests) {
      if (!begun) {
        begun = checkStart(message, rooms);
        for (const name of begun.start.streamedInputs) {
          receivers.set(name, createUploadReceiver(rooms.store, rooms.config, `write["${name}"].`, true));
        }
      } else {
        const [name, receiver] = findReceiver(message, receivers);
        const volume = await receiver.take(message.write!.write!);
        if (volume) {
          pins.push(rooms.store.pinVolume(volume.name));
          receivers.delete(name);
          inputs.set(name, volume.name);
        }
      }
      if (receivers.size > 0) continue;
      const { request, start } = begun;
      const all = { ...request.inputs, ...Object.fromEntries(inputs) };
      return { request: { ...request, inputs: all }, acceptEncodings: start.acceptEncodings, unpin };
    }
    const missing = begun ? `the finish of ${[...receivers.keys()].join(', ')}` : 'start';
    throw new InvalidArgument('message', 'the end of the stream', missing, { reason: 'UNFINISHED_UPLOAD' });
  } catch (error) {
    unpin();
    throw error;
  } finally {
    for (const receiver of receivers.values()) await receiver.release();
  }
}

/** Checks what can be checked before the first voxel is sent. */
function checkStart({ start, write }: PredictRequest__Output, { catalog }: Rooms) {
  if (!start) throw unexpected(write ? 'write' : 'empty', 'start first');
  if (!start.run) throw new InvalidArgument('start.run', undefined, 'what to run');
  const request = runRequestFromWire(start.run, 'start.run.');
  const { description } = catalog.get(request.workflow);
  const seen = new Set(Object.keys(request.inputs));
  for (const name of start.streamedInputs) {
    const known = description?.inputs.map((input) => input.name);
    if (known && !known.includes(name)) {
      throw new InvalidArgument('start.streamed_inputs', name, `inputs of ${request.workflow}: ${known.join(', ')}`);
    }
    if (seen.has(name)) throw new InvalidArgument('start.streamed_inputs', name, 'each input once, here or in inputs');
    seen.add(name);
  }
  return { start, request };
}

function findReceiver(
  { write }: PredictRequest__Output,
  receivers: ReadonlyMap<string, UploadReceiver>,
): [name: string, receiver: UploadReceiver] {
  if (!write?.write) throw unexpected(write ? 'a write without its part' : 'start or empty', 'write');
  const receiver = receivers.get(write.input);
  if (receiver) return [write.input, receiver];
  throw new InvalidArgument(
    'write.input',
    write.input,
    `an input that is not finished: ${[...receivers.keys()].join(', ')}`,
  );
}

function unexpected(got: string, expected: string): InvalidArgument {
  return new InvalidArgument('message', got, expected, { reason: 'UNEXPECTED_MESSAGE' });
}
