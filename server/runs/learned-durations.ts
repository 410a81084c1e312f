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
}

export function createLearnedDurations(): LearnedDurations {
  let runs: FinishedRun[] = [];
  return {
    record(run) {
      const sameStages = runs[0] && stagesOf(runs[0]) === stagesOf(run);
      runs = [...(sameStages ? runs : []), run].slice(-REMEMBERED_RUNS);
    },
    expect(voxels) {
      return runs[0]?.timings.map(({ stage }, index) => {
        const perVoxel = median(runs.map((run) => run.timings[index]!.durationMs / run.voxels));
        const perStep = runs.flatMap((run) => {
          const steps = run.stepCounts.get(stage);
          return steps ? [run.timings[index]!.durationMs / steps] : [];
        });
        const stepMs = perStep.length > 0 ? { stepMs: median(perStep) } : {};
        return { stage, durationMs: perVoxel * voxels, ...stepMs };
      });
    },
  };
}

function stagesOf(run: FinishedRun): string {
  return JSON.stringify(run.timings.map((timing) => timing.stage));
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}
