// Original file: proto/voxhost/v1/workflow_service.proto

import type { ParameterType as _voxhost_v1_ParameterType, ParameterType__Output as _voxhost_v1_ParameterType__Output } from '../../voxhost/v1/ParameterType.js';
import type { Value as _google_protobuf_Value, Value__Output as _google_protobuf_Value__Output } from '../../google/protobuf/Value.js';

export interface Parameter {
  'name'?: (string);
  'type'?: (_voxhost_v1_ParameterType);
  'defaultValue'?: (_google_protobuf_Value | null);
  'minimum'?: (number | string);
  'maximum'?: (number | string);
  'description'?: (string);
  'choices'?: (_google_protobuf_Value)[];
  '_minimum'?: "minimum";
  '_maximum'?: "maximum";
}

export interface Parameter__Output {
  'name': (string);
  'type': (_voxhost_v1_ParameterType__Output);
  'defaultValue': (_google_protobuf_Value__Output | null);
  'minimum'?: (number);
  'maximum'?: (number);
  'description': (string);
  'choices': (_google_protobuf_Value__Output)[];
  '_minimum'?: "minimum";
  '_maximum'?: "maximum";
}
