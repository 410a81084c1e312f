// The client's nouns as messages of the protocol. Pure.
import type { Value } from '../../proto/generated/google/protobuf/Value.js';
import type { ComponentType } from '../../proto/generated/voxhost/v1/ComponentType.js';
import type { VolumeHeader as WireHeader } from '../../proto/generated/voxhost/v1/VolumeHeader.js';
import type { ParameterValue, VolumeHeader } from './types.js';

export function headerToWire(header: VolumeHeader): WireHeader {
  return {
    sizes: [...header.sizes],
    componentType: `COMPONENT_TYPE_${header.componentType.toUpperCase()}` as ComponentType,
    components: header.components,
    indexToWorldLps: [...header.indexToWorldLps],
    modality: header.modality,
  };
}

export function parametersToWire(parameters: Readonly<Record<string, ParameterValue>> = {}): Record<string, Value> {
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, valueToWire(value)]));
}

function valueToWire(value: ParameterValue): Value {
  if (typeof value === 'number') return { numberValue: value };
  return typeof value === 'boolean' ? { boolValue: value } : { stringValue: value };
}
