// `voxhost check BUNDLE`: would it run here, and if not, which file and key stand in its way. No host is needed.
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { Command } from 'commander';
import { type PlainError, toPlainError, VoxhostError } from '../../../server/errors.js';
import { silentLog } from '../../../server/log.js';
import type { DeviceAttempt } from '../../../server/runners/messages.js';
import { Runner } from '../../../server/runners/runner.js';
import { runnerModule } from '../../../server/runners/spawn-runner.js';
import { checkBundle } from '../../../server/workflows/plan-bundle.js';
import { unpackBundle } from '../../../server/workflows/unpack-bundle.js';
import type { WorkflowDescription } from '../../../server/workflows/workflow.js';
import type { GlobalOptions } from '../host-options.js';
import { EXIT } from '../report-error.js';
import { formatDuration } from '../table.js';

const UNPACK_LIMITS = { maxUnpackedBytes: 16 * 2 ** 30, maxEntries: 100_000 };

/** What a check found. */
interface Report {
  readonly ok: boolean;
  readonly problems: readonly PlainError[];
  readonly description?: WorkflowDescription;
  readonly attempts: readonly DeviceAttempt[];
  readonly device?: string;
  readonly loadMs?: number;
  readonly warmupMs?: number;
}

export function checkCommand(): Command {
  return new Command('check')
    .argument('<bundle>', 'a MONAI bundle: its folder or its .zip')
    .option('--device <device>', 'the device to try it on', 'auto')
    .option('--no-load', 'read and plan only: leave the model alone')
    .description('tell whether a bundle would run here, and if not, which file and key are in the way')
    .addHelpText(
      'after',
      '\nExamples:\n  $ voxhost check ./spleen_ct_segmentation\n  $ voxhost check model.zip --device cpu --json',
    )
    .action(async (bundle: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions & { device: string; load: boolean }>();
      const report = await inFolder(bundle, (folder) => check(folder, options));
      const name = basename(resolve(bundle));
      process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : formatReport(name, report));
      if (!report.ok) process.exitCode = EXIT.failed;
    });
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

async function check(folder: string, options: { device: string; load: boolean }): Promise<Report> {
  const { plan, problems } = await checkBundle(folder);
  if (!plan) return { ok: false, problems, attempts: [] };
  const { description } = plan;
  if (!options.load) return { ok: true, problems: [], description, attempts: [] };
  return { description, ...(await load(folder, options.device)) };
}

/** Loads and warms it in a process of its own, as a host would: a model that crashes takes nothing along. */
async function load(bundleFolder: string, device: string): Promise<Omit<Report, 'description'>> {
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

function formatReport(name: string, report: Report): string {
  const refused = report.attempts
    .filter(({ available }) => !available)
    .map(({ device, reason }) => `  not on ${device}: ${reason}\n`)
    .join('');
  if (!report.ok) {
    const list = report.problems.map(({ message }) => `  ${message}\n`).join('');
    const count = report.problems.length === 1 ? 'one problem' : `${report.problems.length} problems`;
    return `${name} cannot run: ${count}.\n${list}${refused}`;
  }
  const { description, device, loadMs = 0, warmupMs = 0 } = report;
  const takes = description?.inputs.map((input) => input.name).join(', ');
  const gives = description?.outputs.map((output) => output.name).join(', ');
  const where = device
    ? `It loads on ${device} in ${formatDuration(loadMs)}; its first pass takes ${formatDuration(warmupMs)}.\n`
    : 'Its model was not loaded.\n';
  return `${name} can run: takes ${takes}, gives ${gives}. ${where}${refused}`;
}
