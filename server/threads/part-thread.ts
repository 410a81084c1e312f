// A thread that does parts of jobs until it is ended. Started by open-thread-pool.ts.
import { type MessagePort, parentPort } from 'node:worker_threads';
import { doParts } from '../imaging/one-thread.js';
import type { JobOf, PartName } from '../imaging/threads.js';
import { collectGarbage } from './collect-garbage.js';

/** A job to take part in: whoever takes a number from `next` does that part. */
export interface ToPartThread {
  readonly id: number;
  readonly name: PartName;
  readonly job: JobOf<PartName>;
  readonly count: number;
  /** One number, shared: the next part that nobody does. */
  readonly next: Int32Array;
  /** Whether to collect garbage afterwards: shared memory lives as long as any thread remembers it. */
  readonly collect: boolean;
}

/** There are no more parts; `error` when one failed. */
export interface FromPartThread {
  readonly id: number;
  readonly error?: Error;
}

/** Does parts until none is left. */
export function takeParts({ name, job, count, next }: ToPartThread): void {
  doParts(name, job, () => {
    const part = Atomics.add(next, 0, 1);
    return part < count ? part : undefined;
  });
}

function serve(port: MessagePort): void {
  port.on('message', (message: ToPartThread) => {
    port.postMessage(answer(message));
    if (message.collect) setImmediate(collectGarbage);
  });
}

function answer(message: ToPartThread): FromPartThread {
  try {
    takeParts(message);
    return { id: message.id };
  } catch (error) {
    Atomics.store(message.next, 0, message.count);
    return { id: message.id, error: error as Error };
  }
}

if (parentPort) serve(parentPort);
