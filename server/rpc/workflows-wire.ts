// Workflows to the wire. Pure.
import type { Input } from '../../proto/generated/voxhost/v1/Input.js';
import type { Output } from '../../proto/generated/voxhost/v1/Output.js';
import type { Parameter } from '../../proto/generated/voxhost/v1/Parameter.js';
import type { Segment as WireSegment } from '../../proto/generated/voxhost/v1/Segment.js';
import type { Workflow as WireWorkflow } from '../../proto/generated/voxhost/v1/Workflow.js';
import type {
  Segment,
  Workflow,
  WorkflowDescription,
  WorkflowInput,
  WorkflowOutput,
  WorkflowParameter,
} from '../workflows/workflow.js';
import { durationToWire, timestampToWire, valueToWire } from './well-known-wire.js';

const STATES = {
  loading: 'WORKFLOW_STATE_LOADING',
  ready: 'WORKFLOW_STATE_READY',
  failed: 'WORKFLOW_STATE_FAILED',
} as const;

export const OUTPUT_KINDS = { 'label-map': 'OUTPUT_KIND_LABEL_MAP', image: 'OUTPUT_KIND_IMAGE' } as const;

const PARAMETER_TYPES = {
  number: 'PARAMETER_TYPE_NUMBER',
  integer: 'PARAMETER_TYPE_INTEGER',
  boolean: 'PARAMETER_TYPE_BOOLEAN',
  string: 'PARAMETER_TYPE_STRING',
} as const;

export function workflowToWire(workflow: Workflow): WireWorkflow {
  return {
    ...(workflow.description ? descriptionToWire(workflow.description) : {}),
    name: workflow.name,
    state: STATES[workflow.state],
    failure: workflow.failure,
    reloadFailure: workflow.reloadFailure,
    device: workflow.device,
    typicalDuration: durationToWire(workflow.typicalDurationMs),
    resident: workflow.resident,
    deployTime: timestampToWire(workflow.deployTimeMs),
  };
}

function descriptionToWire(description: WorkflowDescription): WireWorkflow {
  return {
    ...description,
    references: [...description.references],
    inputs: description.inputs.map(inputToWire),
    outputs: description.outputs.map(outputToWire),
    parameters: description.parameters.map(parameterToWire),
  };
}

function inputToWire(input: WorkflowInput): Input {
  return { ...input, kind: 'INPUT_KIND_IMAGE', channelNames: [...input.channelNames] };
}

function outputToWire(output: WorkflowOutput): Output {
  return { name: output.name, kind: OUTPUT_KINDS[output.kind], segments: output.segments.map(segmentToWire) };
}

export function segmentToWire(segment: Segment): WireSegment {
  return {
    value: segment.value,
    name: segment.name,
    color: segment.color,
    terminology: segment.terminology ?? null,
  };
}

function parameterToWire(parameter: WorkflowParameter): Parameter {
  return {
    name: parameter.name,
    type: PARAMETER_TYPES[parameter.type],
    defaultValue: valueToWire(parameter.defaultValue),
    ...(parameter.minimum === undefined ? {} : { minimum: parameter.minimum }),
    ...(parameter.maximum === undefined ? {} : { maximum: parameter.maximum }),
    description: parameter.description,
    choices: parameter.choices.map(valueToWire),
  };
}
