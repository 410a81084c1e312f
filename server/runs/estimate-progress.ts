// How far a run is and how long until its end: by what its stages took before, or by its windows alone the first time.
import type { ExpectedStage } from './learned-durations.js';

/** Where a run is, as its runner says. */
export interface Step {
  readonly stage: string;
  /** Steps of the stage that are done. */
  readonly step: number;
  /** 0 when the stage has no steps. */
  readonly stepCount: number;
}

export interface Estimate {
  /** Of the whole run, 0 to 1; never falls. */
  readonly fraction: number;
  /** Absent when there is nothing to tell it by. */
  readonly timeLeftMs?: number;
}

export interface ProgressEstimator {
  advance(step: Step): Estimate;
  /** How long until the end, should nothing be heard any more. */
  timeLeftMs(): number | undefined;
}

/** What the network is taken to be of a run about which nothing is known. */
const NETWORK_SHARE = 0.9;

/** @param expected the stages in order, if the workflow has run before. */
export function createProgressEstimator(
  expected: readonly ExpectedStage[] | undefined,
  nowMs: () => number,
): ProgressEstimator {
  const startMs = nowMs();
  let stageStartMs = startMs;
  let current: Step = { stage: '', step: 0, stepCount: 0 };
  /** Of `current` in `expected`; -1 before the first. */
  let index = -1;
  let fraction = 0;

  const moveTo = (step: Step): void => {
    const begins = step.stage !== current.stage || (step.step === 0 && step.stepCount === 0);
    if (begins) {
      stageStartMs = nowMs();
      const next = expected?.findIndex((one, at) => at > index && one.stage === step.stage) ?? -1;
      if (next >= 0) index = next;
    }
    current = step;
  };

  const leftInStageMs = (): number | undefined => {
    const { step, stepCount } = current;
    const elapsedMs = nowMs() - stageStartMs;
    const known = expected?.[index]?.stage === current.stage ? expected[index] : undefined;
    if (stepCount === 0) return known && Math.max(0, known.durationMs - elapsedMs);
    // A few steps of this very run say more than all runs before.
    const stepMs = step >= 2 || known?.stepMs === undefined ? elapsedMs / step : known.stepMs;
    return step === 0 && known?.stepMs === undefined ? undefined : stepMs * (stepCount - step);
  };

  const timeLeftMs = (): number | undefined => {
    const laterMs = expected?.slice(index + 1).reduce((sum, one) => sum + one.durationMs, 0) ?? 0;
    const inStageMs = leftInStageMs() ?? (expected ? 0 : undefined);
    // The last window of a run about which nothing is known is not its end.
    if (!expected && current.step === current.stepCount) return undefined;
    return inStageMs === undefined ? undefined : inStageMs + laterMs;
  };

  return {
    timeLeftMs,
    advance(step) {
      moveTo(step);
      const leftMs = timeLeftMs();
      const elapsedMs = nowMs() - startMs;
      let now = step.stepCount > 0 ? (step.step / step.stepCount) * NETWORK_SHARE : 0;
      if (expected && leftMs !== undefined) now = elapsedMs + leftMs > 0 ? elapsedMs / (elapsedMs + leftMs) : 0;
      fraction = Math.min(1, Math.max(fraction, now));
      return { fraction, ...(leftMs === undefined ? {} : { timeLeftMs: leftMs }) };
    },
  };
}
