import type { EventEmitter } from 'node:events';
import { Writable } from 'node:stream';
import test from 'ava';
import { Cancelled } from '../../server/errors.js';
import { writeWithBackpressure } from '../../server/streams/write-with-backpressure.js';

/** A real Node stream that holds each chunk until the test lets it go. */
function heldWritable(highWaterMark: number) {
  const waiting: (() => void)[] = [];
  const chunks: string[] = [];
  const writable = new Writable({
    highWaterMark,
    write(chunk, _encoding, callback) {
      chunks.push(String(chunk));
      waiting.push(callback);
    },
  });
  return { writable, chunks, letGo: () => waiting.shift()?.() };
}

test('resolves at once while there is room, and with the drain when there is none', async (t) => {
  const { writable, chunks, letGo } = heldWritable(4);
  await writeWithBackpressure(writable, 'ab');
  let done = false;
  const second = writeWithBackpressure(writable, 'cd').then(() => {
    done = true;
  });
  await new Promise(setImmediate);
  t.false(done);
  letGo();
  await new Promise(setImmediate);
  letGo();
  await second;
  t.deepEqual(chunks, ['ab', 'cd']);
  t.deepEqual(listenersLeft(writable), []);
});

test('an abort ends the wait with the signal’s reason and writes nothing after', async (t) => {
  const { writable, chunks } = heldWritable(1);
  const controller = new AbortController();
  const waiting = writeWithBackpressure(writable, 'ab', controller.signal);
  controller.abort(new Cancelled('the client left'));
  await t.throwsAsync(waiting, { message: 'the client left' });
  await t.throwsAsync(writeWithBackpressure(writable, 'cd', controller.signal), { message: 'the client left' });
  t.deepEqual(chunks, ['ab']);
  t.deepEqual(listenersLeft(writable), []);
});

test('a stream that fails or closes instead of draining ends the wait', async (t) => {
  const failing = heldWritable(1).writable;
  failing.on('error', () => {});
  const failed = writeWithBackpressure(failing, 'ab');
  failing.destroy(new Error('reset'));
  await t.throwsAsync(failed, { message: 'reset' });

  const closing = heldWritable(1).writable;
  const closed = writeWithBackpressure(closing, 'ab');
  closing.destroy();
  await t.throwsAsync(closed, { instanceOf: Cancelled });
});

function listenersLeft(emitter: EventEmitter): string[] {
  return ['drain', 'error', 'close'].filter((name) => emitter.listenerCount(name) > 0);
}
