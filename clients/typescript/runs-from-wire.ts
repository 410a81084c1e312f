// Runs and their events as the client's nouns. Pure.
import type { Run__Output } from '../../proto/generated/voxhost/v1/Run.js';
import type { RunError__Output } from '../../proto/generated/voxhost/v1/RunError.js';
import type { RunEvent__Output } from '../../proto/generated/voxhost/v1/RunEvent.js';
import type { RunOutput__Output } from '../../proto/generated/voxhost/v1/RunOutput.js';
import { codeName } from './errors.js';
import {
  durationMsFromWire,
  lower,
  outputKindFromWire,
  parameterValueFromWire,
  present,
  segmentFromWire,
  timeMsFromWire,
  volumeFromWire,
} from './from-wire.js';
import type { PlainError, Run, RunEvent, RunOutput, RunState } from './types.js';

export function runFromWire(run: Run__Output): Run {
  return {
    name: run.name,
    workflow: run.workflow,
    inputs: run.inputs,
    parameters: Object.fromEntries(
      Object.entries(run.parameters).map(([name, value]) => [name, parameterValueFromWire(value)]),
    ),
    state: lower<RunState>(run.state, 'RUN_STATE_'),
    outputs: run.outputs.map(outputFromWire),
    timings: run.timings.map(({ stage, duration }) => ({ stage, durationMs: durationMsFromWire(duration) ?? 0 })),
    requestId: run.requestId,
    ...present({
      error: run.error ? errorFromWire(run.error) : undefined,
      createTimeMs: timeMsFromWire(run.createTime),
      startTimeMs: timeMsFromWire(run.startTime),
      endTimeMs: timeMsFromWire(run.endTime),
    }),
  };
}

export function outputFromWire(output: RunOutput__Output): RunOutput {
  return {
    name: output.name,
    volume: volumeFromWire(output.volume!),
    kind: outputKindFromWire(output.kind),
    segments: output.segments.map(({ segment, voxelCount, volumeMl }) => ({
      segment: segmentFromWire(segment!),
      voxelCount,
      volumeMl,
    })),
  };
}

/** An event; undefined for a kind that this client does not know yet. */
export function eventFromWire(event: RunEvent__Output): RunEvent | undefined {
  const base = { sequence: event.sequence, run: event.run, ...present({ timeMs: timeMsFromWire(event.time) }) };
  if (event.queued) {
    const { position, estimatedWait, workflowLoading } = event.queued;
    const wait = present({ estimatedWaitMs: durationMsFromWire(estimatedWait) });
    return { ...base, kind: 'queued', position, workflowLoading, ...wait };
  }
  if (event.started) return { ...base, kind: 'started', device: event.started.device };
  if (event.progress) {
    const { stage, step, stepCount, fraction, timeLeft } = event.progress;
    const left = present({ timeLeftMs: durationMsFromWire(timeLeft) });
    return { ...base, kind: 'progress', stage, step, stepCount, fraction, ...left };
  }
  if (event.outputReady) return { ...base, kind: 'output-ready', output: outputFromWire(event.outputReady.output!) };
  if (event.succeeded) return { ...base, kind: 'succeeded', result: runFromWire(event.succeeded.run!) };
  if (event.failed) return { ...base, kind: 'failed', error: errorFromWire(event.failed.error!) };
  if (event.cancelled) return { ...base, kind: 'cancelled', reason: event.cancelled.reason };
  return undefined;
}

function errorFromWire(error: RunError__Output): PlainError {
  return { code: codeName(error.code), reason: error.reason, message: error.message, metadata: error.metadata };
}
