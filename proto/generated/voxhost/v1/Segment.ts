// Original file: proto/voxhost/v1/workflow_service.proto

import type { Color as _voxhost_v1_Color, Color__Output as _voxhost_v1_Color__Output } from '../../voxhost/v1/Color.js';
import type { Terminology as _voxhost_v1_Terminology, Terminology__Output as _voxhost_v1_Terminology__Output } from '../../voxhost/v1/Terminology.js';

export interface Segment {
  'value'?: (number);
  'name'?: (string);
  'color'?: (_voxhost_v1_Color | null);
  'terminology'?: (_voxhost_v1_Terminology | null);
}

export interface Segment__Output {
  'value': (number);
  'name': (string);
  'color': (_voxhost_v1_Color__Output | null);
  'terminology': (_voxhost_v1_Terminology__Output | null);
}
