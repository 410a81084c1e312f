// Original file: proto/voxhost/v1/run_service.proto

import type { RunEvent as _voxhost_v1_RunEvent, RunEvent__Output as _voxhost_v1_RunEvent__Output } from '../../voxhost/v1/RunEvent.js';
import type { PredictRead as _voxhost_v1_PredictRead, PredictRead__Output as _voxhost_v1_PredictRead__Output } from '../../voxhost/v1/PredictRead.js';

export interface PredictResponse {
  'event'?: (_voxhost_v1_RunEvent | null);
  'read'?: (_voxhost_v1_PredictRead | null);
  'message'?: "event"|"read";
}

export interface PredictResponse__Output {
  'event'?: (_voxhost_v1_RunEvent__Output | null);
  'read'?: (_voxhost_v1_PredictRead__Output | null);
  'message'?: "event"|"read";
}
