// Runs and their events to the wire, requests from it. Pure.
import { status } from '@grpc/grpc-js';
import type { CreateRunRequest__Output } from '../../proto/generated/voxhost/v1/CreateRunRequest.js';
import type { Run as WireRun } from '../../proto/generated/voxhost/v1/Run.js';
import type { RunError } from '../../proto/generated/voxhost/v1/RunError.js';
import type { RunEvent as WireEvent } from '../../proto/generated/voxhost/v1/RunEvent.js';
import type { RunOutput as WireOutput } from '../../proto/generated/voxhost/v1/RunOutput.js';
import { InvalidArgument, type PlainError } from '../errors.js';
import type { Run, RunEvent, RunHappening, RunOutput, RunRequest } from '../runs/run.js';
import { volumeToWire } from './volumes-wire.js';
import { durationToWire, timestampToWire, valueFromWire, valueToWire } from './well-known-wire.js';
import { OUTPUT_KINDS, segmentToWire } from './workflows-wire.js';

const STATES = {
  queued: 'RUN_STATE_QUEUED',
  running: 'RUN_STATE_RUNNING',
  succeeded: 'RUN_STATE_SUCCEEDED',
  failed: 'RUN_STATE_FAILED',
  cancelled: 'RUN_STATE_CANCELLED',
} as const;

/** What a client asks for. `field` is the request's path in the message, with its dot. @throws InvalidArgument */
export function runRequestFromWire(request: CreateRunRequest__Output, field = ''): RunRequest {
  if (request.requestId.length > 128) {
    throw new InvalidArgument(`${field}request_id`, request.requestId, 'at most 128 characters');
  }
  const parameters = Object.entries(request.parameters).map(
    ([name, value]) => [name, valueFromWire(value, `${field}parameters["${name}"]`)] as const,
  );
  return {
    workflow: request.workflow,
    inputs: { ...request.inputs },
    parameters: Object.fromEntries(parameters),
    requestId: request.requestId,
  };
}

export function runToWire(run: Run): WireRun {
  const parameters = Object.entries(run.parameters).map(([name, value]) => [name, valueToWire(value)] as const);
  return {
    name: run.name,
    workflow: run.request.workflow,
    inputs: { ...run.request.inputs },
    parameters: Object.fromEntries(parameters),
    state: STATES[run.state],
    outputs: run.outputs.map(outputToWire),
    error: run.error ? errorToWire(run.error) : null,
    createTime: timestampToWire(run.createTimeMs),
    startTime: timestampToWire(run.startTimeMs),
    endTime: timestampToWire(run.endTimeMs),
    timings: run.timings.map(({ stage, durationMs }) => ({ stage, duration: durationToWire(durationMs) })),
    requestId: run.request.requestId,
  };
}

function outputToWire(output: RunOutput): WireOutput {
  return {
    name: output.name,
    volume: volumeToWire(output.volume),
    kind: OUTPUT_KINDS[output.kind],
    segments: output.segments.map((found) => ({
      segment: segmentToWire(found.segment),
      voxelCount: found.voxelCount,
      volumeMl: found.volumeMl,
    })),
  };
}

function errorToWire(error: PlainError): RunError {
  return {
    code: status[error.code],
    reason: error.reason,
    message: error.message,
    metadata: { ...error.metadata },
  };
}

export function runEventToWire(event: RunEvent): WireEvent {
  return {
    sequence: event.sequence,
    run: event.run,
    time: timestampToWire(event.timeMs),
    ...happeningToWire(event),
  };
}

function happeningToWire(event: RunHappening): WireEvent {
  switch (event.kind) {
    case 'queued': {
      const estimatedWait = durationToWire(event.estimatedWaitMs);
      return { queued: { position: event.position, estimatedWait, workflowLoading: event.workflowLoading } };
    }
    case 'started':
      return { started: { device: event.device } };
    case 'progress': {
      const { stage, step, stepCount, fraction } = event;
      return { progress: { stage, step, stepCount, fraction, timeLeft: durationToWire(event.timeLeftMs) } };
    }
    case 'output-ready':
      return { outputReady: { output: outputToWire(event.output) } };
    case 'succeeded':
      return { succeeded: { run: runToWire(event.result) } };
    case 'failed':
      return { failed: { error: errorToWire(event.error) } };
    case 'cancelled':
      return { cancelled: { reason: event.reason } };
  }
}
