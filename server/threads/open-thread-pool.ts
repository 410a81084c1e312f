// Threads of this process that do parts of jobs, together with the one that asks.
import { Worker } from 'node:worker_threads';
import { ONE_THREAD } from '../imaging/one-thread.js';
import { createKernels } from '../imaging/simd/kernels.js';
import type { Threads } from '../imaging/threads.js';
import { collectGarbage } from './collect-garbage.js';
import { type FromPartThread, type ToPartThread, takeParts } from './part-thread.js';
import { threadEntry } from './thread-entry.js';

export interface ThreadPool extends Threads {
  /** Ends the threads; what they work on fails. */
  close(): Promise<void>;
}

/** Beyond these, memory is what they wait for, and each takes some itself. */
const MOST_THREADS = 4;

/**
 * Shared memory that is handed out before the garbage collector is called, which does not see such memory by itself. Not
 * sooner: what was compiled for objects that are gone goes with them, and takes a while to come back.
 */
const COLLECT_AFTER_BYTES = 2 ** 28;

/**
 * `threads` counts the thread that calls: with 1 there is no other. The others start at once, keep the process alive
 * only while they work, and are started again when one has failed.
 */
export function openThreadPool(threads: number): ThreadPool {
  const size = Math.max(1, Math.min(threads, MOST_THREADS));
  if (size === 1) return { ...ONE_THREAD, close: async () => {} };
  const helpers = Array.from({ length: size - 1 }, createHelper);
  let nextId = 1;
  let handedOut = 0;
  let helpersCollect = false;
  const handOut = (bytes: number): void => {
    handedOut += bytes;
    if (handedOut <= COLLECT_AFTER_BYTES) return;
    collectGarbage();
    handedOut = bytes;
    helpersCollect = true;
  };
  const pool: ThreadPool = {
    count: size,
    seeing: (array) => (array.buffer instanceof SharedArrayBuffer ? pool : ONE_THREAD),
    zeros(Kind, length) {
      const bytes = length * (Kind as unknown as typeof Uint8Array).BYTES_PER_ELEMENT;
      handOut(bytes);
      return new Kind(new SharedArrayBuffer(bytes));
    },
    kernels(scratchBytes) {
      handOut(scratchBytes);
      return createKernels(scratchBytes, true);
    },
    async run(name, job, count) {
      if (count === 1) return await ONE_THREAD.run(name, job, count);
      const next = new Int32Array(new SharedArrayBuffer(4));
      const message: ToPartThread = { id: nextId++, name, job, count, next, collect: helpersCollect };
      helpersCollect = false;
      const answers = helpers.slice(0, count - 1).map((helper) => helper.ask(message));
      const all = Promise.all(answers);
      try {
        takeParts(message);
      } catch (error) {
        // Nobody begins another part; those that were begun write on.
        Atomics.store(message.next, 0, count);
        await all.catch(() => {});
        throw error;
      }
      await all;
    },
    async close() {
      await Promise.all(helpers.map((helper) => helper.close()));
    },
  };
  return pool;
}

interface Helper {
  ask(message: ToPartThread): Promise<void>;
  close(): Promise<void>;
}

function createHelper(): Helper {
  const waiting = new Map<number, { resolve(): void; reject(error: Error): void }>();
  const start = (): Worker => {
    const worker = new Worker(threadEntry(import.meta.url, 'part-thread'), { execArgv: [] });
    const failAll = (error: Error): void => {
      if (thread === worker) thread = undefined;
      for (const { reject } of waiting.values()) reject(error);
      waiting.clear();
    };
    worker.on('message', ({ id, error }: FromPartThread) => {
      const waiter = waiting.get(id);
      waiting.delete(id);
      if (waiting.size === 0) worker.unref();
      if (error) waiter?.reject(error);
      else waiter?.resolve();
    });
    worker.on('error', failAll);
    worker.on('exit', () => failAll(new Error('a thread of this process ended')));
    worker.unref();
    return worker;
  };
  let thread: Worker | undefined = start();
  return {
    ask(message) {
      thread ??= start();
      const worker = thread;
      return new Promise((resolve, reject) => {
        waiting.set(message.id, { resolve, reject });
        worker.ref();
        worker.postMessage(message);
      });
    },
    async close() {
      await thread?.terminate();
    },
  };
}
