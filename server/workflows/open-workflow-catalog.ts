// The deployed workflows: one for each bundle in a folder that is watched, each with a runner of its own.
import { join } from 'node:path';
import { NotFound, toPlainError } from '../errors.js';
import type { Log } from '../log.js';
import { createDeviceLeases } from '../runners/device-lease.js';
import { createLoadSlots } from '../runners/load-slots.js';
import type { DeviceAttempt } from '../runners/messages.js';
import { createModelMemory } from '../runners/model-memory.js';
import type { RunnerLease, RunnerPool } from '../runners/runner-pool.js';
import { runnerModule } from '../runners/spawn-runner.js';
import { exponentialBackoffMs, Supervisor } from '../runners/supervisor.js';
import { type BundleStore, openBundleStore } from './bundle-store.js';
import type { HostDevice, WorkflowCatalog } from './catalog.js';
import { Deployment } from './deployment.js';
import { fingerprintFolder } from './fingerprint-folder.js';
import { unpackBundle } from './unpack-bundle.js';
import { type FolderWatch, listBundles, watchFolder } from './watch-folder.js';
import type { Workflow } from './workflow.js';
import { checkWorkflowName } from './workflow-name.js';

/** Models that are loaded at the same time. */
const LOADS_AT_ONCE = 2;
/** Files and folders in a zip, at most. */
const MAX_BUNDLE_ENTRIES = 5_000;

export interface WorkflowCatalogOptions {
  /** Each folder in it is a bundle; its name is the workflow's. Made when it is not there. */
  readonly folder: string;
  /** For bundles that are being tried; best on the same disk. Made when it is not there. */
  readonly stagingFolder: string;
  /** For networks that are converted to ONNX, once for each file. Made when it is first needed. */
  readonly convertedFolder?: string;
  readonly device: string;
  readonly threads: number;
  /** Bytes of memory that idle models may hold together. */
  readonly modelMemoryBytes: number;
  readonly maxUnpackedBundleBytes: number;
  readonly cancelGraceMs: number;
  readonly log: Log;
  /** What a runner's process runs. */
  readonly module?: URL;
  /** A bundle that was copied in is deployed when nothing in it has changed for so long. */
  readonly settleMs?: number;
  readonly rescanMs?: number;
  readonly backoffMs?: (crashes: number) => number;
}

/** Opens the catalog; its workflows, loading, are listed at once and go on loading. */
export async function openWorkflowCatalog(options: WorkflowCatalogOptions): Promise<WorkflowCatalog & RunnerPool> {
  const bundles = await openBundleStore(options.folder, options.stagingFolder, options.log);
  const catalog = new FolderCatalog(options, bundles);
  await catalog.open();
  return catalog;
}

class FolderCatalog implements WorkflowCatalog, RunnerPool {
  readonly #options: WorkflowCatalogOptions;
  readonly #bundles: BundleStore;
  readonly #deployments = new Map<string, Deployment>();
  readonly #listeners = new Set<(name: string, workflow: Workflow | undefined) => void>();
  readonly #leases = createDeviceLeases();
  readonly #slots = createLoadSlots(LOADS_AT_ONCE);
  readonly #memory;
  readonly #turns = new Map<string, Promise<void>>();
  /** Versions that are tried before they have a place. */
  readonly #trials = new Set<Supervisor>();
  readonly #closing = new AbortController();
  #watch: FolderWatch | undefined;

  constructor(options: WorkflowCatalogOptions, bundles: BundleStore) {
    this.#options = options;
    this.#bundles = bundles;
    this.#memory = createModelMemory(options.modelMemoryBytes, options.log);
  }

  /** Deploys what is in the folder and watches it from then on. */
  async open(): Promise<void> {
    const { folder, log, settleMs = 500, rescanMs = 10_000 } = this.#options;
    const names = await listBundles(folder, () => {});
    const found = await Promise.all(
      names.map(async (name) => ({ name, fingerprint: await fingerprintFolder(join(folder, name)) })),
    );
    for (const { name, fingerprint } of found) if (fingerprint !== undefined) this.#deploy(name, fingerprint);
    this.#watch = watchFolder({
      folder,
      settleMs,
      rescanMs,
      log,
      known: () => new Map([...this.#deployments].map(([name, { fingerprint }]) => [name, fingerprint])),
      onChange: (name, fingerprint) => void this.#onFolderChange(name, fingerprint),
    });
  }

  list(): readonly Workflow[] {
    return [...this.#deployments.values()]
      .map((deployment) => deployment.snapshot())
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  get(name: string): Workflow {
    return this.#find(name).snapshot();
  }

  subscribe(listener: (name: string, workflow: Workflow | undefined) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async deployZip(name: string, zipFile: string): Promise<Workflow> {
    checkWorkflowName('name', name);
    const { signal } = this.#closing;
    signal.throwIfAborted();
    const staging = await this.#bundles.createStaging();
    try {
      const limits = { maxUnpackedBytes: this.#options.maxUnpackedBundleBytes, maxEntries: MAX_BUNDLE_ENTRIES };
      const bundle = await unpackBundle(zipFile, join(staging, name), limits, signal);
      const version = this.#supervise(name, bundle);
      this.#trials.add(version);
      try {
        await version.warm();
        signal.throwIfAborted();
        return await this.#inTurn(name, async () => {
          await this.#bundles.install(bundle, name, () => version.evict());
          version.bundleFolder = this.#bundles.bundleFolder(name);
          this.#place(name, version, (await fingerprintFolder(version.bundleFolder)) ?? '');
          return this.get(name);
        });
      } catch (error) {
        await version.close();
        throw error;
      } finally {
        this.#trials.delete(version);
      }
    } finally {
      await this.#bundles.removeStaging(staging);
    }
  }

  async undeploy(name: string): Promise<void> {
    this.#find(name);
    await this.#inTurn(name, async () => {
      await this.#takeAway(name, this.#find(name));
      await this.#bundles.remove(name);
    });
  }

  devices(): readonly HostDevice[] {
    const merged = new Map<string, DeviceAttempt>();
    for (const { current } of this.#deployments.values()) {
      for (const attempt of current.attempts) {
        if (!merged.get(attempt.device)?.available) merged.set(attempt.device, attempt);
      }
    }
    return [...merged.values()].map((attempt) => ({ ...attempt, busy: this.#leases.busy(attempt.device) }));
  }

  readiness(name: string): ReturnType<RunnerPool['readiness']> {
    const version = this.#deployments.get(name)?.current;
    if (!version) return { kind: 'failed', error: this.#notFound(name) };
    switch (version.state) {
      case 'idle':
        return { kind: this.#leases.isFree(version.device) ? 'free' : 'busy' };
      case 'busy':
        return { kind: 'busy' };
      case 'failed':
        return { kind: 'failed', error: version.failure! };
      case 'cold':
        return { kind: version.wasReady ? 'cold' : 'loading' };
      default:
        return { kind: version.wasReady ? 'warming' : 'loading' };
    }
  }

  async prepare(name: string): Promise<void> {
    const { current } = this.#find(name);
    this.#memory.expect(name);
    await current.warm();
  }

  lease(name: string): RunnerLease {
    const deployment = this.#find(name);
    const version = deployment.current;
    const giveDeviceBack = this.#leases.take(version.device);
    this.#memory.expect(undefined);
    const use = version.take();
    let released = false;
    return {
      device: version.device,
      description: version.description!,
      run: async (job, listener, signal) => {
        const start = performance.now();
        const done = await use.run(job, listener, signal);
        deployment.recordDuration(version, performance.now() - start);
        return done;
      },
      release: () => {
        if (released) return;
        released = true;
        giveDeviceBack();
        use.release();
      },
    };
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#watch?.close();
    await Promise.all([...this.#trials, ...this.#deployments.values()].map((one) => one.close()));
  }

  /** What the watch tells of may be a deployment of our own, half done: the folder is looked at again in its turn. */
  async #onFolderChange(name: string, fingerprint: string | undefined): Promise<void> {
    const bundleFolder = this.#bundles.bundleFolder(name);
    await this.#inTurn(name, async () => {
      const now = await fingerprintFolder(bundleFolder);
      const deployment = this.#deployments.get(name);
      // What has moved on since is told of again.
      if (this.#closing.signal.aborted || now !== fingerprint || now === deployment?.fingerprint) return;
      this.#options.log.info('bundle changed', { name, change: describeChange(deployment, fingerprint) });
      if (fingerprint === undefined) {
        if (deployment) void this.#takeAway(name, deployment);
      } else if (deployment) {
        void deployment.reload(this.#supervise(name, bundleFolder), fingerprint);
      } else this.#deploy(name, fingerprint);
    });
  }

  #deploy(name: string, fingerprint: string): void {
    const version = this.#supervise(name, this.#bundles.bundleFolder(name));
    this.#place(name, version, fingerprint);
    version.warm().catch(() => {});
  }

  /** Gives a version its place: a new deployment's, or that of the version before. */
  #place(name: string, version: Supervisor, fingerprint: string): void {
    const deployment = this.#deployments.get(name);
    if (deployment) deployment.replace(version, fingerprint);
    else {
      const onChange = (): void => this.#announce(name);
      this.#deployments.set(name, new Deployment({ name, fingerprint, version, onChange }));
      this.#announce(name);
    }
  }

  /** One after the other, what changes the folder of a workflow. */
  async #inTurn<T>(name: string, change: () => Promise<T>): Promise<T> {
    const before = this.#turns.get(name);
    const turn = (before ?? Promise.resolve()).then(change);
    const over = turn.then(
      () => {},
      () => {},
    );
    this.#turns.set(name, over);
    try {
      return await turn;
    } finally {
      if (this.#turns.get(name) === over) this.#turns.delete(name);
    }
  }

  async #takeAway(name: string, deployment: Deployment): Promise<void> {
    this.#deployments.delete(name);
    this.#announce(name);
    await deployment.close();
  }

  #supervise(name: string, bundleFolder: string): Supervisor {
    const {
      device,
      threads,
      convertedFolder,
      cancelGraceMs,
      log,
      module = runnerModule(),
      backoffMs = exponentialBackoffMs,
    } = this.#options;
    const version: Supervisor = new Supervisor({
      workflow: name,
      bundleFolder,
      device,
      threads,
      ...(convertedFolder ? { convertedFolder } : {}),
      cancelGraceMs,
      module,
      backoffMs,
      slots: this.#slots,
      memory: this.#memory,
      log,
      onChange: () => {
        if (this.#deployments.get(name)?.current === version) this.#announce(name);
      },
    });
    return version;
  }

  #announce(name: string): void {
    const workflow = this.#deployments.get(name)?.snapshot();
    for (const listener of [...this.#listeners]) {
      try {
        listener(name, workflow);
      } catch (error) {
        this.#options.log.error('a listener of the catalog failed', { name, error: toPlainError(error) });
      }
    }
  }

  #find(name: string): Deployment {
    const deployment = this.#deployments.get(name);
    if (!deployment) throw this.#notFound(name);
    return deployment;
  }

  #notFound(name: string): NotFound {
    const known = [...this.#deployments.keys()].sort();
    const shown = known.length > 20 ? [...known.slice(0, 20), `and ${known.length - 20} more`] : known;
    const hint = known.length === 0 ? 'No workflow is deployed.' : `There are: ${shown.join(', ')}.`;
    return new NotFound('workflow', name, hint);
  }
}

function describeChange(deployment: Deployment | undefined, fingerprint: string | undefined): string {
  if (fingerprint === undefined) return 'taken away';
  return deployment ? 'changed' : 'put in';
}
