// Original file: proto/voxhost/v1/run_service.proto

import type { RunError as _voxhost_v1_RunError, RunError__Output as _voxhost_v1_RunError__Output } from '../../voxhost/v1/RunError.js';

export interface Failed {
  'error'?: (_voxhost_v1_RunError | null);
}

export interface Failed__Output {
  'error': (_voxhost_v1_RunError__Output | null);
}
