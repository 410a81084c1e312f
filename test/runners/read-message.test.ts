// What comes over a runner's channel is believed only when it is one of messages.ts.
import test from 'ava';
import { readMessage } from '../../server/runners/read-message.js';
import { SMALL_HEADER } from '../fixtures/scripted-bundle.js';

const error = { code: 'INTERNAL', reason: 'X', message: 'x', metadata: {} };
const output = { type: 'output', run: 'r', name: 'pred', file: '/f', header: SMALL_HEADER, sha256: 'a'.repeat(64) };

for (const message of [
  {
    type: 'ready',
    device: 'cpu',
    attempts: [{ device: 'cuda', available: false, reason: 'no' }],
    loadMs: 1,
    warmupMs: 2,
    rssBytes: 3,
  },
  { type: 'load-failed', error, attempts: [] },
  { type: 'progress', run: 'r', stage: 'network', step: 1, stepCount: 2 },
  output,
  { ...output, voxelCounts: { 0: 10, 1: 5 } },
  { type: 'done', run: 'r', timings: [{ stage: 'read', durationMs: 0.5 }], rssBytes: 1 },
  { type: 'failed', run: 'r', error, rssBytes: 1 },
  { type: 'cancelled', run: 'r', rssBytes: 1 },
]) {
  test(`${JSON.stringify(message).slice(0, 400)} is a message`, (t) => t.is(readMessage(message), message as never));
}

for (const message of [
  undefined,
  null,
  'ready',
  [],
  {},
  { type: 'toString' },
  { type: '__proto__' },
  { type: 'ready', device: 'cpu', attempts: [{}], loadMs: 1, warmupMs: 2, rssBytes: 3 },
  { type: 'load-failed', error: { ...error, message: 1 }, attempts: [] },
  { type: 'progress', run: 'r', stage: 'network', step: null, stepCount: 2 },
  { ...output, sha256: 'A'.repeat(64) },
  { ...output, header: { ...SMALL_HEADER, sizes: [2, 0] } },
  { ...output, header: { ...SMALL_HEADER, indexToWorldLps: [1, 2] } },
  { ...output, voxelCounts: { 1: -5 } },
  { type: 'done', run: 'r', timings: [{ stage: 'read' }], rssBytes: 1 },
  { type: 'cancelled', run: 'r', rssBytes: -1 },
]) {
  test(`${JSON.stringify(message)?.slice(0, 400)} is none`, (t) => t.is(readMessage(message), undefined));
}
