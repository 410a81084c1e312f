// Whether a bundle would run here: planned, then loaded and warmed in a process of its own.
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { type InspectedModel, inspectModel } from '../../server/conversion/inspect-model.js';
import { findWorkflowFile, isTorchScriptFile, withModelFolder } from '../../server/conversion/torchscript-file.js';
import { type PlainError, toPlainError, VoxhostError } from '../../server/errors.js';
import { silentLog } from '../../server/log.js';
import type { DeviceAttempt } from '../../server/runners/messages.js';
import { Runner } from '../../server/runners/runner.js';
import { runnerModule } from '../../server/runners/spawn-runner.js';
import type { AskedShape } from '../../server/torchscript/open-sizes.js';
import { checkBundle } from '../../server/workflows/plan-bundle.js';
import { unpackBundle } from '../../server/workflows/unpack-bundle.js';
import type { WorkflowDescription } from '../../server/workflows/workflow.js';

const UNPACK_LIMITS = { maxUnpackedBytes: 16 * 2 ** 30, maxEntries: 100_000 };

export interface CheckOptions {
  readonly device: string;
  readonly load: boolean;
  /** Of the input of a network without a workflow.yaml: batch, channels, sizes. */
  readonly shape?: AskedShape;
}

/** What a check found. */
export interface CheckReport {
  readonly ok: boolean;
  readonly problems: readonly PlainError[];
  readonly description?: WorkflowDescription;
  /** What became of each device that was tried. */
  readonly attempts: readonly DeviceAttempt[];
  readonly device?: string;
  readonly loadMs?: number;
  readonly warmupMs?: number;
  /** A network without a workflow.yaml: what it is. */
  readonly network?: InspectedModel;
}

/**
 * Checks a bundle's folder or zip, or a network of PyTorch, with the workflow.yaml beside it when there is one. `load`
 * false leaves the model alone.
 * @throws InvalidArgument for what is no bundle
 */
export async function checkBundleFile(bundle: string, options: CheckOptions): Promise<CheckReport> {
  const isFile = (await stat(bundle).catch(() => undefined))?.isFile() ?? false;
  if (isFile && (await isTorchScriptFile(bundle))) return await checkNetwork(resolve(bundle), options);
  return await inFolder(bundle, (folder) => check(folder, options));
}

async function checkNetwork(file: string, options: CheckOptions): Promise<CheckReport> {
  const workflowFile = await findWorkflowFile(file);
  if (workflowFile !== undefined) return await withModelFolder(file, workflowFile, (folder) => check(folder, options));
  try {
    const network = await inspectModel(file, options.shape);
    return { ok: true, problems: [], attempts: [], network };
  } catch (error) {
    if (!(error instanceof VoxhostError)) throw error;
    return { ok: false, problems: [toPlainError(error)], attempts: [] };
  }
}

/** The bundle's folder; that of a zip is a temporary one. */
async function inFolder<T>(bundle: string, use: (folder: string) => Promise<T>): Promise<T> {
  if (!(await stat(bundle).catch(() => undefined))?.isFile()) return use(resolve(bundle));
  const temporary = await mkdtemp(join(tmpdir(), 'voxhost-check-'));
  try {
    return await use(await unpackBundle(bundle, join(temporary, 'bundle'), UNPACK_LIMITS));
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function check(folder: string, options: CheckOptions): Promise<CheckReport> {
  const { plan, problems } = await checkBundle(folder);
  if (!plan) return { ok: false, problems, attempts: [] };
  const { description } = plan;
  if (!options.load) return { ok: true, problems: [], description, attempts: [] };
  return { description, ...(await load(folder, options.device)) };
}

/** Loads and warms it in a process of its own, as a host would: a model that crashes takes nothing along. */
async function load(bundleFolder: string, device: string): Promise<Omit<CheckReport, 'description'>> {
  let attempts: readonly DeviceAttempt[] = [];
  const options = { workflow: basename(bundleFolder), module: runnerModule(), cancelGraceMs: 0, log: silentLog };
  const runner = new Runner(options);
  try {
    const listener = {
      onDescribed: () => {},
      onAttempts: (all: readonly DeviceAttempt[]) => {
        attempts = all;
      },
    };
    const ready = await runner.load({ bundleFolder, device, threads: availableParallelism() }, listener);
    return { ok: true, problems: [], attempts, device: ready.device, loadMs: ready.loadMs, warmupMs: ready.warmupMs };
  } catch (error) {
    if (!(error instanceof VoxhostError)) throw error;
    return { ok: false, problems: [toPlainError(error)], attempts };
  } finally {
    await runner.kill();
  }
}
