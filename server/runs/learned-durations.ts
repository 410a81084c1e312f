// What the stages of a workflow took in earlier runs, to say how long the next will take.
import type { StageTiming } from './run.js';

/** Runs that the medians are taken over. */
const REMEMBERED_RUNS = 9;

/** One stage of a run to come. */
export interface ExpectedStage {
  readonly stage: string;
  readonly durationMs: number;
  /** Of one step, for a stage that has them. */
  readonly stepMs?: number;
}

/** A run that has ended. */
export interface FinishedRun {
  readonly timings: readonly StageTiming[];
  /** Voxels of its inputs: stages without steps are expected to take as much longer as there are more of them. */
  readonly voxels: number;
  /** Steps of the stages that had them. */
  readonly stepCounts: ReadonlyMap<string, number>;
}

export interface LearnedDurations {
  record(run: FinishedRun): void;
  /** The stages of a run with so many voxels, in order; `undefined` before the first run. */
  expect(voxels: number): readonly ExpectedStage[] | undefined;
  /** What they take together. Asked often, for every run that waits. */
  expectMs(voxels: number): number | undefined;
}

interface LearnedStage {
  readonly stage: string;
  readonly msPerVoxel: number;
  readonly stepMs?: number;
}

export function createLearnedDurations(): LearnedDurations {
  let runs: FinishedRun[] = [];
  let stages: readonly LearnedStage[] = [];
  let msPerVoxel = 0;
  return {
    record(run) {
      const sameStages = runs[0] && stagesOf(runs[0]) === stagesOf(run);
      runs = [...(sameStages ? runs : []), run].slice(-REMEMBERED_RUNS);
      stages = learnStages(runs);
      msPerVoxel = stages.reduce((sum, stage) => sum + stage.msPerVoxel, 0);
    },
    expect(voxels) {
      if (runs.length === 0) return undefined;
      return stages.map(({ msPerVoxel, ...stage }) => ({ ...stage, durationMs: msPerVoxel * voxels }));
    },
    expectMs: (voxels) => (runs.length === 0 ? undefined : msPerVoxel * voxels),
  };
}

/** @param runs at least one, all with the same stages. */
function learnStages(runs: readonly FinishedRun[]): readonly LearnedStage[] {
  return runs[0]!.timings.map(({ stage }, index) => {
    const perStep = runs.flatMap((run) => {
      const steps = run.stepCounts.get(stage);
      return steps ? [run.timings[index]!.durationMs / steps] : [];
    });
    return {
      stage,
      msPerVoxel: median(runs.map((run) => run.timings[index]!.durationMs / run.voxels)),
      ...(perStep.length > 0 ? { stepMs: median(perStep) } : {}),
    };
  });
}

function stagesOf(run: FinishedRun): string {
  return JSON.stringify(run.timings.map((timing) => timing.stage));
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}
