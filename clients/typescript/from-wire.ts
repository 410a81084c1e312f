// Messages of the protocol as the client's nouns. Pure.
import type { Duration__Output } from '../../proto/generated/google/protobuf/Duration.js';
import type { Timestamp__Output } from '../../proto/generated/google/protobuf/Timestamp.js';
import type { Value__Output } from '../../proto/generated/google/protobuf/Value.js';
import type { Code__Output } from '../../proto/generated/voxhost/v1/Code.js';
import type { HostInfo__Output } from '../../proto/generated/voxhost/v1/HostInfo.js';
import type { Parameter__Output } from '../../proto/generated/voxhost/v1/Parameter.js';
import type { Segment__Output } from '../../proto/generated/voxhost/v1/Segment.js';
import type { Volume__Output } from '../../proto/generated/voxhost/v1/Volume.js';
import type { Workflow__Output } from '../../proto/generated/voxhost/v1/Workflow.js';
import type { ComponentType } from '../../server/imaging/volume-header.js';
import type { Code, WorkflowParameter } from '../../server/workflows/workflow.js';
import type { HostInfo, ParameterValue, Segment, Volume, Workflow, WorkflowState } from './types.js';

export function durationMsFromWire(duration: Duration__Output | null | undefined): number | undefined {
  return duration ? duration.seconds * 1000 + duration.nanos / 1e6 : undefined;
}

export function timeMsFromWire(time: Timestamp__Output | null | undefined): number | undefined {
  return time ? time.seconds * 1000 + Math.floor(time.nanos / 1e6) : undefined;
}

export function parameterValueFromWire(value: Value__Output | null | undefined): ParameterValue {
  return value?.numberValue ?? value?.boolValue ?? value?.stringValue ?? '';
}

/** Leaves out what is undefined, for fields that may be absent. */
export function present<T extends object>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}

export function hostInfoFromWire(info: HostInfo__Output): HostInfo {
  const none = {
    maxChunkBytes: 0,
    maxVolumeBytes: 0,
    storeQuotaBytes: 0,
    storeUsedBytes: 0,
    maxQueuedRuns: 0,
    modelMemoryBudgetBytes: 0,
    maxBundleBytes: 0,
  };
  return { ...info, limits: info.limits ?? none };
}

export function volumeFromWire(volume: Volume__Output): Volume {
  const { header } = volume;
  return {
    name: volume.name,
    header: {
      sizes: header?.sizes ?? [],
      componentType: (header?.componentType ?? '').replace('COMPONENT_TYPE_', '').toLowerCase() as ComponentType,
      components: header?.components || 1,
      indexToWorldLps: header?.indexToWorldLps ?? [],
      modality: header?.modality ?? '',
    },
    sizeBytes: volume.sizeBytes,
    sha256: volume.sha256,
    ...present({ createTimeMs: timeMsFromWire(volume.createTime) }),
  };
}

export function workflowFromWire(workflow: Workflow__Output): Workflow {
  const { typicalDuration, deployTime, ...rest } = workflow;
  return {
    ...rest,
    state: lower<WorkflowState>(workflow.state, 'WORKFLOW_STATE_'),
    inputs: workflow.inputs.map((input) => ({ ...input, kind: 'image' })),
    outputs: workflow.outputs.map((output) => ({
      name: output.name,
      kind: outputKindFromWire(output.kind),
      segments: output.segments.map(segmentFromWire),
    })),
    parameters: workflow.parameters.map(parameterFromWire),
    ...present({ typicalDurationMs: durationMsFromWire(typicalDuration), deployTimeMs: timeMsFromWire(deployTime) }),
  };
}

export function outputKindFromWire(kind: string): 'label-map' | 'image' {
  return kind === 'OUTPUT_KIND_LABEL_MAP' ? 'label-map' : 'image';
}

export function segmentFromWire(segment: Segment__Output): Segment {
  const { terminology } = segment;
  return {
    value: segment.value,
    name: segment.name,
    color: segment.color ?? { red: 255, green: 255, blue: 255 },
    ...(terminology
      ? {
          terminology: present({
            category: codeFromWire(terminology.category),
            type: codeFromWire(terminology.type),
            typeModifier: codeFromWire(terminology.typeModifier),
            region: codeFromWire(terminology.region),
            regionModifier: codeFromWire(terminology.regionModifier),
          }),
        }
      : {}),
  };
}

/** `WORKFLOW_STATE_READY` as `ready`. */
export function lower<T extends string>(name: string, prefix: string): T {
  return name.replace(prefix, '').toLowerCase().replaceAll('_', '-') as T;
}

function codeFromWire(code: Code__Output | null): Code | undefined {
  return code ? { scheme: code.scheme, value: code.value, meaning: code.meaning } : undefined;
}

function parameterFromWire(parameter: Parameter__Output): WorkflowParameter {
  return {
    name: parameter.name,
    type: lower(parameter.type, 'PARAMETER_TYPE_'),
    defaultValue: parameterValueFromWire(parameter.defaultValue),
    choices: parameter.choices.map(parameterValueFromWire),
    description: parameter.description,
    ...(parameter._minimum ? { minimum: parameter.minimum! } : {}),
    ...(parameter._maximum ? { maximum: parameter.maximum! } : {}),
  };
}
