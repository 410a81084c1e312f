// The rooms of the host, wired in the order that the data meets them: read it as the table of contents.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { HostConfig } from './config.js';
import type { Log } from './log.js';
import { openRpcServer } from './rpc/open-rpc-server.js';
import { openRuns } from './runs/open-runs.js';
import { lockFolder } from './volumes/lock-folder.js';
import { openVolumeStore } from './volumes/open-volume-store.js';
import { openWorkflowCatalog } from './workflows/open-workflow-catalog.js';

/** A host that serves. */
export interface Host {
  /** Where it listens: `host:port` or `unix:/path`, the port as it was given by the system. */
  readonly address: string;
  /** Takes no new run, lets those under way end for up to `drainMs`, then closes. Safe to call twice. */
  stop(): Promise<void>;
}

/** How long a stopping host still takes calls after its last run has ended. */
const READ_BACK_MS = 1_000;

/** Opens the rooms one after the other. Whatever was opened is closed again when a later one fails. */
export async function compose(config: HostConfig, log: Log): Promise<Host> {
  const closers: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    await mkdir(config.dataFolder, { recursive: true });
    await mkdir(config.workflowsFolder, { recursive: true });
    const lock = await lockFolder(config.dataFolder);
    closers.push(() => lock.release());

    const store = await openVolumeStore({
      folder: join(config.dataFolder, 'volumes'),
      quotaBytes: config.storeQuotaBytes,
      maxVolumeBytes: config.maxVolumeBytes,
      uploadExpiryMs: config.uploadExpiryMs,
      log,
    });
    closers.push(() => store.close());

    const catalog = await openWorkflowCatalog({
      folder: config.workflowsFolder,
      stagingFolder: join(config.dataFolder, 'staging'),
      convertedFolder: join(config.dataFolder, 'converted'),
      device: config.device,
      threads: config.threads,
      modelMemoryBytes: config.modelMemoryBytes,
      maxUnpackedBundleBytes: config.maxUnpackedBundleBytes,
      cancelGraceMs: config.cancelGraceMs,
      log,
    });
    closers.push(() => catalog.close());

    const runs = openRuns({ catalog, store, maxQueuedRuns: config.maxQueuedRuns, log });
    closers.push(() => runs.close());

    const rpc = await openRpcServer({ config, store, catalog, runs, log });
    closers.push(() => rpc.close());

    let stopping: Promise<void> | undefined;
    const stop = async (): Promise<void> => {
      const deadlineMs = performance.now() + config.drainMs;
      const leftMs = (): number => Math.max(0, deadlineMs - performance.now());
      const isBusy = runs.listRuns().some(({ state }) => state === 'queued' || state === 'running');
      await settledWithin(runs.drain(), leftMs());
      // Who watched the last run to its end reads the result in a call that comes only now.
      if (isBusy) await setTimeout(Math.min(READ_BACK_MS, leftMs()));
      await rpc.drain(leftMs());
      await close();
    };
    return {
      address: rpc.address,
      stop: () => {
        stopping ??= stop();
        return stopping;
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function settledWithin(work: Promise<void>, ms: number): Promise<void> {
  const timer = new AbortController();
  await Promise.race([work, setTimeout(ms, undefined, { signal: timer.signal }).catch(() => {})]);
  timer.abort();
}
