// Original file: proto/voxhost/v1/workflow_service.proto

import type { Code as _voxhost_v1_Code, Code__Output as _voxhost_v1_Code__Output } from '../../voxhost/v1/Code.js';

export interface Terminology {
  'category'?: (_voxhost_v1_Code | null);
  'type'?: (_voxhost_v1_Code | null);
  'typeModifier'?: (_voxhost_v1_Code | null);
  'region'?: (_voxhost_v1_Code | null);
  'regionModifier'?: (_voxhost_v1_Code | null);
}

export interface Terminology__Output {
  'category': (_voxhost_v1_Code__Output | null);
  'type': (_voxhost_v1_Code__Output | null);
  'typeModifier': (_voxhost_v1_Code__Output | null);
  'region': (_voxhost_v1_Code__Output | null);
  'regionModifier': (_voxhost_v1_Code__Output | null);
}
