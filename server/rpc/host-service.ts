// HostService: what this host is and how much it takes.
import { readFileSync } from 'node:fs';
import type { Device } from '../../proto/generated/voxhost/v1/Device.js';
import type { HostServiceHandlers } from '../../proto/generated/voxhost/v1/HostService.js';
import type { Limits } from '../../proto/generated/voxhost/v1/Limits.js';
import { PROTOCOL_VERSION } from '../../proto/protocol.js';
import type { Calls } from './calls.js';
import type { Rooms } from './rooms.js';

/** The names of the encodings of VolumeChunk beside the plain one. */
export const CHUNK_ENCODINGS = ['delta-shuffle-deflate'];

export function createHostService(calls: Calls, rooms: Rooms): HostServiceHandlers {
  const version = readVersion();
  const startTimeMs = performance.now();
  return {
    GetHostInfo: calls.unary(() => ({
      version,
      protocolVersionMin: 1,
      protocolVersionMax: PROTOCOL_VERSION,
      limits: limitsToWire(rooms),
      devices: devicesToWire(rooms),
      chunkEncodings: CHUNK_ENCODINGS,
      uptimeSeconds: (performance.now() - startTimeMs) / 1000,
    })),
  };
}

function limitsToWire({ config, store }: Rooms): Limits {
  const { usedBytes, quotaBytes } = store.usage();
  return {
    maxChunkBytes: config.maxChunkBytes,
    maxVolumeBytes: config.maxVolumeBytes,
    storeQuotaBytes: quotaBytes,
    storeUsedBytes: usedBytes,
    maxQueuedRuns: config.maxQueuedRuns,
    modelMemoryBudgetBytes: config.modelMemoryBytes,
    maxBundleBytes: config.maxBundleBytes,
  };
}

function devicesToWire({ catalog }: Rooms): Device[] {
  return catalog.devices().map(({ device, available, reason, busy }) => ({ name: device, available, reason, busy }));
}

/** The package's own version: package.json lies two folders up from here, in the sources and in dist/ alike. */
function readVersion(): string {
  return JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version;
}
