// How far a run is: a bar that redraws itself on a terminal, plain lines elsewhere. On standard error.
import type { RunEvent } from '../typescript/index.js';
import { formatBytes, formatDuration } from './table.js';

/** Where progress is shown. */
export interface ProgressOutput {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

/** Shows what happens to one run. */
export interface ProgressView {
  upload(input: string, doneBytes: number, totalBytes: number): void;
  event(event: RunEvent): void;
  /** A line that stays, above the bar. */
  say(line: string): void;
  /** Takes the bar away. */
  end(): void;
}

const BAR_CELLS = 24;
/** Without a terminal, stages that pass faster than this are not worth a line each. */
const LEAST_BETWEEN_LINES_MS = 1000;

/** A view on a stream: a terminal gets the bar. `nowMs` is a clock that only goes forward. */
export function createProgressView(output: ProgressOutput, nowMs = () => performance.now()): ProgressView {
  return output.isTTY ? createBar(output) : createLines(output, nowMs);
}

function createBar(output: ProgressOutput): ProgressView {
  let shown = false;
  const clear = () => {
    if (shown) output.write('\r\x1b[2K');
    shown = false;
  };
  const draw = (line: string) => {
    const columns = output.columns ?? 80;
    output.write(`\r\x1b[2K${[...line].slice(0, columns - 1).join('')}`);
    shown = true;
  };
  return {
    upload: (input, doneBytes, totalBytes) =>
      draw(`${bar(doneBytes / totalBytes)}  sending ${input}, ${formatBytes(doneBytes)} of ${formatBytes(totalBytes)}`),
    event(event) {
      if (event.kind === 'queued') draw(`${bar(0)}  ${describeQueue(event)}`);
      else if (event.kind === 'progress') draw(`${bar(event.fraction)}  ${describeProgress(event)}`);
    },
    say(line) {
      clear();
      output.write(`${line}\n`);
    },
    end: clear,
  };
}

function createLines(output: ProgressOutput, nowMs: () => number): ProgressView {
  let lastLineMs = Number.NEGATIVE_INFINITY;
  let stage = '';
  let quarter = 0;
  let upload = '';
  const say = (line: string) => output.write(`${line}\n`);
  return {
    upload(input, _doneBytes, totalBytes) {
      if (upload === input) return;
      upload = input;
      say(`sending ${input} (${formatBytes(totalBytes)})`);
    },
    event(event) {
      if (event.kind === 'queued') say(describeQueue(event));
      if (event.kind !== 'progress') return;
      // A line for each stage, and for each quarter of a long one, unless they pass in no time.
      // Before its steps are counted a stage is in no quarter.
      const nowQuarter = event.stepCount >= 8 ? Math.floor((4 * event.step) / event.stepCount) : -1;
      if ((event.stage === stage && nowQuarter === quarter) || nowMs() - lastLineMs < LEAST_BETWEEN_LINES_MS) return;
      lastLineMs = nowMs();
      stage = event.stage;
      quarter = nowQuarter;
      say(describeProgress(event));
    },
    say,
    end() {},
  };
}

/** A bar of fixed width for a fraction of 0 to 1. */
export function bar(fraction: number): string {
  const done = Math.round(Math.min(1, Math.max(0, fraction || 0)) * BAR_CELLS);
  return `${'█'.repeat(done)}${'░'.repeat(BAR_CELLS - done)}`;
}

function describeQueue(event: RunEvent & { kind: 'queued' }): string {
  if (event.workflowLoading) return 'waiting for the workflow to load';
  const wait = event.estimatedWaitMs === undefined ? '' : `, about ${formatDuration(event.estimatedWaitMs)}`;
  return event.position > 0 ? `waiting, ${event.position} before this run${wait}` : 'waiting for the device';
}

function describeProgress(event: RunEvent & { kind: 'progress' }): string {
  const step =
    event.stepCount > 1 ? `, ${event.stage === 'network' ? 'window' : 'step'} ${event.step} of ${event.stepCount}` : '';
  const left = event.timeLeftMs === undefined ? '' : `, ${formatDuration(event.timeLeftMs)} left`;
  return `${String(Math.round(event.fraction * 100)).padStart(3)} %  ${event.stage}${step}${left}`;
}
