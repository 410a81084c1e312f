// Original file: proto/voxhost/v1/run_service.proto

import type { PredictStart as _voxhost_v1_PredictStart, PredictStart__Output as _voxhost_v1_PredictStart__Output } from '../../voxhost/v1/PredictStart.js';
import type { PredictWrite as _voxhost_v1_PredictWrite, PredictWrite__Output as _voxhost_v1_PredictWrite__Output } from '../../voxhost/v1/PredictWrite.js';

export interface PredictRequest {
  'start'?: (_voxhost_v1_PredictStart | null);
  'write'?: (_voxhost_v1_PredictWrite | null);
  'message'?: "start"|"write";
}

export interface PredictRequest__Output {
  'start'?: (_voxhost_v1_PredictStart__Output | null);
  'write'?: (_voxhost_v1_PredictWrite__Output | null);
  'message'?: "start"|"write";
}
