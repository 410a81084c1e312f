// Original file: proto/voxhost/v1/workflow_service.proto

import type { OutputKind as _voxhost_v1_OutputKind, OutputKind__Output as _voxhost_v1_OutputKind__Output } from '../../voxhost/v1/OutputKind.js';
import type { Segment as _voxhost_v1_Segment, Segment__Output as _voxhost_v1_Segment__Output } from '../../voxhost/v1/Segment.js';

export interface Output {
  'name'?: (string);
  'kind'?: (_voxhost_v1_OutputKind);
  'segments'?: (_voxhost_v1_Segment)[];
}

export interface Output__Output {
  'name': (string);
  'kind': (_voxhost_v1_OutputKind__Output);
  'segments': (_voxhost_v1_Segment__Output)[];
}
