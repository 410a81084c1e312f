// The thread that hashes: it follows files as they grow, reading what the front process has just written from the page
// cache, so that the event loop spends nothing on SHA-256. Started by hash-files.ts.
import { createHash, type Hash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { type MessagePort, parentPort } from 'node:worker_threads';

/** To the thread. Messages of one `id` are about one file. */
export type ToHashThread =
  /** `file` has `size` bytes now, none of which will change. */
  | { readonly type: 'grown'; readonly id: number; readonly file: string; readonly size: number }
  /** Nothing more will come: answer with the digest. */
  | { readonly type: 'finish'; readonly id: number }
  /** Forget it: answer when the file is closed. */
  | { readonly type: 'drop'; readonly id: number };

/** From the thread: the last word on an `id`. */
export type FromHashThread =
  | { readonly type: 'digest'; readonly id: number; readonly sha256: string }
  | { readonly type: 'failed'; readonly id: number; readonly message: string }
  | { readonly type: 'dropped'; readonly id: number };

interface Followed {
  descriptor?: number;
  readonly hash: Hash;
  position: number;
  failure?: string;
}

/** Small enough to stay in the processor's cache between reading and hashing. */
const BUFFER_BYTES = 256 * 1024;

function serve(port: MessagePort): void {
  const buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  const files = new Map<number, Followed>();
  port.on('message', (message: ToHashThread) => {
    const file = files.get(message.id) ?? { hash: createHash('sha256'), position: 0 };
    files.set(message.id, file);
    if (message.type === 'grown') {
      try {
        if (file.failure === undefined) follow(file, message.file, message.size, buffer);
      } catch (error) {
        file.failure = String(error);
      }
      return;
    }
    files.delete(message.id);
    if (file.descriptor !== undefined) closeSync(file.descriptor);
    port.postMessage(answer(message, file));
  });
}

function follow(file: Followed, path: string, size: number, buffer: Buffer): void {
  file.descriptor ??= openSync(path, 'r');
  while (file.position < size) {
    const wanted = Math.min(buffer.length, size - file.position);
    const count = readSync(file.descriptor, buffer, 0, wanted, file.position);
    if (count === 0) throw new Error(`${path} ends at byte ${file.position}, where ${size} were written`);
    file.hash.update(buffer.subarray(0, count));
    file.position += count;
  }
}

function answer({ id, type }: ToHashThread, file: Followed): FromHashThread {
  if (type === 'drop') return { type: 'dropped', id };
  if (file.failure !== undefined) return { type: 'failed', id, message: file.failure };
  return { type: 'digest', id, sha256: file.hash.digest('hex') };
}

if (parentPort) serve(parentPort);
