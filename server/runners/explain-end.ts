// Why a runner's process ended by itself, as an error that says what to do.
import { type ErrorCode, VoxhostError } from '../errors.js';
import type { ProcessEnd } from './spawn-runner.js';

/** What programs print when an allocation fails: V8, C++, ONNX Runtime's arena and CUDA. */
const MEMORY_WORDS =
  /heap out of memory|out of memory|bad_alloc|failed to allocate|allocation failed|cannot allocate memory|array buffer allocation/i;

/**
 * The error for what a runner was doing when its process ended unasked.
 * @param doing a clause such as `loading its model` or `run 1f…, stage network`.
 */
export function explainEnd(workflow: string, doing: string, end: ProcessEnd): VoxhostError {
  if (end.startFailure) {
    return new VoxhostError(
      {
        code: 'INTERNAL',
        reason: 'RUNNER_NOT_STARTED',
        message: `The process of workflow ${workflow} could not be started (${end.startFailure.message}). See whether the machine has processes and memory left.`,
        metadata: { workflow },
      },
      { cause: end.startFailure },
    );
  }
  const how = end.signal ? `signal ${end.signal}` : `exit code ${end.exitCode}`;
  const outOfMemory = ranOutOfMemory(end);
  const code: ErrorCode = outOfMemory ? 'RESOURCE_EXHAUSTED' : 'INTERNAL';
  const remedy = outOfMemory
    ? 'It most likely ran out of memory: send a smaller volume, run fewer programs beside the host, or give the machine more memory.'
    : "It is started again by itself. If this happens every time, the workflow's model is at fault: the host's log has its last words.";
  return new VoxhostError({
    code,
    reason: 'RUNNER_CRASHED',
    message: `The process of workflow ${workflow} ended (${how}) while ${doing}. ${remedy}`,
    metadata: {
      workflow,
      doing,
      exitCode: String(end.exitCode ?? ''),
      signal: end.signal ?? '',
      outOfMemory: String(outOfMemory),
    },
  });
}

/** A SIGKILL that nobody here sent comes from the kernel, for want of memory. */
function ranOutOfMemory(end: ProcessEnd): boolean {
  return end.signal === 'SIGKILL' || end.lastWords.some((line) => MEMORY_WORDS.test(line));
}
