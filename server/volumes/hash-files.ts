// SHA-256 of files as they grow, off the event loop: the front process's side of hash-thread.ts.
import { Worker } from 'node:worker_threads';
import { threadEntry } from '../threads/thread-entry.js';
import type { FromHashThread, ToHashThread } from './hash-thread.js';

/** One file that is being hashed. End it with `finish` or `drop`. */
export interface FileHash {
  /** The file has `size` bytes now, none of which will change. */
  grown(size: number): void;
  /** SHA-256 of the file as it is, 64 lower-case hexadecimal digits, and the end. @throws when it cannot be read. */
  finish(): Promise<string>;
  /** The end without a digest; resolves when the file is closed. */
  drop(): Promise<void>;
}

export interface HashFiles {
  begin(file: string): FileHash;
  /** Ends the thread; what is being hashed fails. */
  close(): Promise<void>;
}

type Answer = Extract<FromHashThread, { type: 'digest' | 'dropped' }>;

/**
 * One thread is enough: it hashes faster than one event loop can receive. It starts with the first file and keeps the
 * process alive only while somebody waits for it.
 */
export function createHashFiles(): HashFiles {
  let thread: Worker | undefined;
  let nextId = 1;
  const waiting = new Map<number, { resolve(answer: Answer): void; reject(error: Error): void }>();

  const failAll = (error: Error): void => {
    thread = undefined;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  const start = (): Worker => {
    const worker = new Worker(threadEntry(import.meta.url, 'hash-thread'), { execArgv: [] });
    worker.unref();
    worker.on('message', (message: FromHashThread) => {
      const waiter = waiting.get(message.id);
      waiting.delete(message.id);
      if (waiting.size === 0) worker.unref();
      if (message.type === 'failed') waiter?.reject(new Error(`cannot hash: ${message.message}`));
      else waiter?.resolve(message);
    });
    worker.on('error', (error) => thread === worker && failAll(new Error('the hash thread failed', { cause: error })));
    worker.on('exit', () => thread === worker && failAll(new Error('the hash thread ended')));
    return worker;
  };

  return {
    begin(file) {
      thread ??= start();
      const worker = thread;
      const id = nextId++;
      const post = (message: ToHashThread): void => worker.postMessage(message);
      const ask = (message: ToHashThread): Promise<Answer> => {
        if (thread !== worker) return Promise.reject(new Error('the hash thread ended'));
        return new Promise((resolve, reject) => {
          waiting.set(id, { resolve, reject });
          worker.ref();
          post(message);
        });
      };
      return {
        grown: (size) => post({ type: 'grown', id, file, size }),
        async finish() {
          const answer = await ask({ type: 'finish', id });
          if (answer.type !== 'digest') throw new Error('the hash thread answered something else');
          return answer.sha256;
        },
        async drop() {
          await ask({ type: 'drop', id }).catch(() => {});
        },
      };
    },
    async close() {
      const worker = thread;
      failAll(new Error('the store was closed'));
      await worker?.terminate();
    },
  };
}
