// Original file: proto/voxhost/v1/run_service.proto

import type { ReadVolumeResponse as _voxhost_v1_ReadVolumeResponse, ReadVolumeResponse__Output as _voxhost_v1_ReadVolumeResponse__Output } from '../../voxhost/v1/ReadVolumeResponse.js';

export interface PredictRead {
  'output'?: (string);
  'read'?: (_voxhost_v1_ReadVolumeResponse | null);
}

export interface PredictRead__Output {
  'output': (string);
  'read': (_voxhost_v1_ReadVolumeResponse__Output | null);
}
