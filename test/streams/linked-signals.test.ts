import { getEventListeners } from 'node:events';
import test from 'ava';
import { linkSignals } from '../../server/streams/linked-signals.js';

test('aborts with the first of its sources, with that one’s reason', (t) => {
  const [first, second] = [new AbortController(), new AbortController()];
  const { signal } = linkSignals(first.signal, undefined, second.signal);
  t.false(signal.aborted);
  const reason = new Error('the deadline');
  second.abort(reason);
  first.abort(new Error('later'));
  t.true(signal.aborted);
  t.is(signal.reason, reason);
});

test('is aborted at once when a source was', (t) => {
  const live = new AbortController();
  const { signal } = linkSignals(live.signal, AbortSignal.abort('gone'));
  t.is(signal.reason, 'gone');
  t.is(getEventListeners(live.signal, 'abort').length, 0);
});

test('after cleanup, and after an abort, its sources hold nothing of it', (t) => {
  const [long, short] = [new AbortController(), new AbortController()];
  const cleaned = linkSignals(long.signal, short.signal);
  t.is(getEventListeners(long.signal, 'abort').length, 1);
  cleaned.cleanup();
  cleaned.cleanup();
  t.is(getEventListeners(long.signal, 'abort').length, 0);
  linkSignals(long.signal, short.signal);
  short.abort();
  t.is(getEventListeners(long.signal, 'abort').length, 0);
  t.false(cleaned.signal.aborted);
});
