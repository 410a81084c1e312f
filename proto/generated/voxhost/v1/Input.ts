// Original file: proto/voxhost/v1/workflow_service.proto

import type { InputKind as _voxhost_v1_InputKind, InputKind__Output as _voxhost_v1_InputKind__Output } from '../../voxhost/v1/InputKind.js';

export interface Input {
  'name'?: (string);
  'kind'?: (_voxhost_v1_InputKind);
  'modality'?: (string);
  'channels'?: (number);
  'channelNames'?: (string)[];
  'required'?: (boolean);
  'spatialAxes'?: (number);
}

export interface Input__Output {
  'name': (string);
  'kind': (_voxhost_v1_InputKind__Output);
  'modality': (string);
  'channels': (number);
  'channelNames': (string)[];
  'required': (boolean);
  'spatialAxes': (number);
}
