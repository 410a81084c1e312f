// Computes one run on the runner that it was given: progress, results into the store.
import { rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { VoxhostError } from '../errors.js';
import type { Log } from '../log.js';
import { outputFileName } from '../runners/messages.js';
import type { RunnerOutput } from '../runners/runner.js';
import type { RunnerLease } from '../runners/runner-pool.js';
import { linkSignals } from '../streams/linked-signals.js';
import type { VolumeStore } from '../volumes/store.js';
import { createProgressEstimator, type Step } from './estimate-progress.js';
import type { LearnedDurations } from './learned-durations.js';
import type { LiveRun } from './live-run.js';
import { measureSegments } from './measure-segments.js';
import type { RunHappening, StageTiming } from './run.js';
import { thinProgress } from './thin-progress.js';
import { watchSilence } from './watch-silence.js';

export interface ExecuteOptions {
  readonly store: VolumeStore;
  readonly learned: LearnedDurations;
  readonly log: Log;
  /** A run that says nothing for so long is ended. */
  readonly maxSilenceMs: number;
  /** Called with each result as soon as it is in the store. */
  readonly onVolume: (name: string) => void;
  /** Called when the runner and its device are free for another run. */
  readonly onReleased: () => void;
}

/**
 * Computes the run, gives the lease back as soon as the runner is done, and returns what the stages took. Events are in
 * the run's log by then, all but the last; no result file is left outside the store, whatever happened.
 * @throws Cancelled; what the runner or the store answers
 */
export async function executeRun(
  run: LiveRun,
  lease: RunnerLease,
  options: ExecuteOptions,
): Promise<readonly StageTiming[]> {
  run.start(lease.device);
  try {
    return await compute(run, lease, options);
  } catch (error) {
    await removeResults(run, lease, options);
    throw error;
  } finally {
    lease.release();
  }
}

async function compute(
  run: LiveRun,
  lease: RunnerLease,
  { store, learned, maxSilenceMs, onVolume, onReleased }: ExecuteOptions,
): Promise<readonly StageTiming[]> {
  const estimator = createProgressEstimator(learned.expect(run.voxels), () => performance.now());
  run.timeLeftMs = estimator.timeLeftMs;
  const stepCounts = new Map<string, number>();
  const progress = thinProgress((happening: RunHappening) => run.events.append(happening));
  const silence = watchSilence(run.name, run.request.workflow, maxSilenceMs);
  const stopping = linkSignals(run.signal, silence.signal);
  const adoptions: Promise<void>[] = [];
  const { outputs } = lease.description;

  const adopt = async ({ name, file, header, sha256, voxelCounts }: RunnerOutput): Promise<void> => {
    if (dirname(resolve(file)) !== resolve(store.scratchFolder)) throw misplaced(run, file);
    const output = outputs.find((one) => one.name === name);
    const kind = output?.kind ?? (voxelCounts ? 'label-map' : 'image');
    await store.adoptFile(file, header, sha256, (volume) => {
      onVolume(volume.name);
      run.addOutput({ name, volume, kind, segments: measureSegments(output, header, voxelCounts) });
    });
  };

  const inputs = Object.fromEntries(
    Object.entries(run.inputs).map(([name, { file, header }]) => [name, { file, header }]),
  );
  const computing = lease.run(
    { run: run.name, inputs, parameters: run.parameters, outputFolder: store.scratchFolder },
    {
      onProgress: (step) => {
        silence.heard(step.stage);
        if (step.stepCount > 0) stepCounts.set(step.stage, step.stepCount);
        progress.tell({ kind: 'progress', ...only(step), ...estimator.advance(step) });
      },
      onOutput: (output) => {
        const adoption = adopt(output);
        // Looked at below; not to be taken for unhandled meanwhile.
        adoption.catch(() => {});
        adoptions.push(adoption);
      },
    },
    stopping.signal,
  );
  const done = await computing.finally(async () => {
    progress.end();
    silence.end();
    stopping.cleanup();
    lease.release();
    onReleased();
    await Promise.allSettled(adoptions);
  });
  await Promise.all(adoptions);
  run.signal.throwIfAborted();
  const missing = outputs.find(({ name }) => !run.outputs.some((output) => output.name === name));
  if (missing) throw withoutOutput(run, missing.name);
  learned.record({ timings: done.timings, voxels: run.voxels, stepCounts });
  return done.timings;
}

/** A run that did not come to its end may have left files that are not the store's. */
async function removeResults(run: LiveRun, lease: RunnerLease, { store, log }: ExecuteOptions): Promise<void> {
  for (const index of lease.description.outputs.keys()) {
    const file = join(store.scratchFolder, outputFileName(run.name, index));
    await rm(file, { force: true, maxRetries: 3 }).catch((error: unknown) =>
      log.warn('a result file is left; the next start removes it', { run: run.name, error }),
    );
  }
}

function only({ stage, step, stepCount }: Step): Step {
  return { stage, step, stepCount };
}

function misplaced(run: LiveRun, file: string): VoxhostError {
  const { workflow } = run.request;
  return bugOf(run, `The process of workflow ${workflow} wrote a result outside its folder (${file}).`);
}

function withoutOutput(run: LiveRun, output: string): VoxhostError {
  return bugOf(run, `The workflow ${run.request.workflow} ended without its output ${output}.`);
}

function bugOf(run: LiveRun, message: string): VoxhostError {
  return new VoxhostError({
    code: 'INTERNAL',
    reason: 'OUTPUT_MISSING',
    message: `${message} This is a bug of the host: please report it with its log.`,
    metadata: { run: run.name, workflow: run.request.workflow },
  });
}
