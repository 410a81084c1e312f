// HostService over a real connection.
import { readFileSync } from 'node:fs';
import test from 'ava';
import { ask } from './rooms/calls.js';
import { openWire } from './rooms/open-wire.js';

test('GetHostInfo says the version of package.json, the limits in force and of each device whether it works or is busy', async (t) => {
  const { host, config } = await openWire(t);
  const info = await ask(host, 'getHostInfo', {});
  t.is(info.version, JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version);
  t.deepEqual([info.protocolVersionMin, info.protocolVersionMax], [1, 1]);
  t.deepEqual(info.limits, {
    maxChunkBytes: config.maxChunkBytes,
    maxVolumeBytes: config.maxVolumeBytes,
    storeQuotaBytes: config.storeQuotaBytes,
    storeUsedBytes: 0,
    maxQueuedRuns: config.maxQueuedRuns,
    modelMemoryBudgetBytes: config.modelMemoryBytes,
    maxBundleBytes: config.maxBundleBytes,
  });
  t.deepEqual(info.devices, [
    { name: 'cuda', available: false, reason: 'libcuda.so.1: cannot open shared object file', busy: 0 },
    { name: 'cpu', available: true, reason: '', busy: 1 },
  ]);
  t.deepEqual(info.chunkEncodings, ['delta-shuffle-deflate']);
  t.true(info.uptimeSeconds > 0);
});
