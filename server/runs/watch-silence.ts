// Ends a run that makes no headway any more: it would keep its device from all others for ever.
import { VoxhostError } from '../errors.js';

export interface SilenceWatch {
  /** Aborted, with what the caller is told, after so long without a word. */
  readonly signal: AbortSignal;
  /** The run has said something. */
  heard(stage: string): void;
  end(): void;
}

export function watchSilence(run: string, workflow: string, maxSilenceMs: number): SilenceWatch {
  const controller = new AbortController();
  let stage = 'start';
  const timer = setTimeout(() => controller.abort(silent(run, workflow, stage, maxSilenceMs)), maxSilenceMs).unref();
  return {
    signal: controller.signal,
    heard(now) {
      stage = now;
      timer.refresh();
    },
    end: () => clearTimeout(timer),
  };
}

function silent(run: string, workflow: string, stage: string, maxSilenceMs: number): VoxhostError {
  const minutes = Math.round(maxSilenceMs / 60_000);
  return new VoxhostError({
    code: 'DEADLINE_EXCEEDED',
    reason: 'RUN_SILENT',
    message: `The run of ${workflow} made no headway for ${minutes} minutes in its stage ${stage}, and was ended. Try a smaller volume, or a workflow that works in windows.`,
    metadata: { run, workflow, stage },
  });
}
