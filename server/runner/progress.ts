// How a run tells where it is and what each stage took, without flooding the channel.

export interface StageTiming {
  readonly stage: string;
  readonly durationMs: number;
}

export interface Stages {
  /** Does a stage's work, timed and announced. A stage without steps has `stepCount` 0. */
  perform<Result>(stage: string, work: () => Result | Promise<Result>): Promise<Result>;
  /** Announces a step of the stage that is under way. */
  step(step: number, stepCount: number): void;
  /** What each stage took so far, in order. */
  timings(): readonly StageTiming[];
}

/** The shortest time between two messages of one stage: 20 a second. */
const INTERVAL_MS = 50;

/** `send` is called for the first and the last step of each stage, and in between at most every 50 ms. */
export function createStages(
  send: (stage: string, step: number, stepCount: number) => void,
  nowMs: () => number = () => performance.now(),
): Stages {
  const timings: StageTiming[] = [];
  let current = '';
  let lastSentMs = 0;
  const announce = (step: number, stepCount: number): void => {
    const first = step === 0;
    const last = step === stepCount;
    if (!first && !last && nowMs() - lastSentMs < INTERVAL_MS) return;
    lastSentMs = nowMs();
    send(current, step, stepCount);
  };
  return {
    async perform(stage, work) {
      const started = nowMs();
      current = stage;
      announce(0, 0);
      const result = await work();
      timings.push({ stage, durationMs: nowMs() - started });
      return result;
    },
    step: announce,
    timings: () => timings,
  };
}
