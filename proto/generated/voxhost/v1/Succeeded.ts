// Original file: proto/voxhost/v1/run_service.proto

import type { Run as _voxhost_v1_Run, Run__Output as _voxhost_v1_Run__Output } from '../../voxhost/v1/Run.js';

export interface Succeeded {
  'run'?: (_voxhost_v1_Run | null);
}

export interface Succeeded__Output {
  'run': (_voxhost_v1_Run__Output | null);
}
