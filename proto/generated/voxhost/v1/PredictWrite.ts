// Original file: proto/voxhost/v1/run_service.proto

import type { WriteVolumeRequest as _voxhost_v1_WriteVolumeRequest, WriteVolumeRequest__Output as _voxhost_v1_WriteVolumeRequest__Output } from '../../voxhost/v1/WriteVolumeRequest.js';

export interface PredictWrite {
  'input'?: (string);
  'write'?: (_voxhost_v1_WriteVolumeRequest | null);
}

export interface PredictWrite__Output {
  'input': (string);
  'write': (_voxhost_v1_WriteVolumeRequest__Output | null);
}
