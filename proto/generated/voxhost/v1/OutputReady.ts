// Original file: proto/voxhost/v1/run_service.proto

import type { RunOutput as _voxhost_v1_RunOutput, RunOutput__Output as _voxhost_v1_RunOutput__Output } from '../../voxhost/v1/RunOutput.js';

export interface OutputReady {
  'output'?: (_voxhost_v1_RunOutput | null);
}

export interface OutputReady__Output {
  'output': (_voxhost_v1_RunOutput__Output | null);
}
