// Original file: proto/voxhost/v1/volume_service.proto

import type { WriteHeader as _voxhost_v1_WriteHeader, WriteHeader__Output as _voxhost_v1_WriteHeader__Output } from '../../voxhost/v1/WriteHeader.js';
import type { VolumeChunk as _voxhost_v1_VolumeChunk, VolumeChunk__Output as _voxhost_v1_VolumeChunk__Output } from '../../voxhost/v1/VolumeChunk.js';
import type { WriteFinish as _voxhost_v1_WriteFinish, WriteFinish__Output as _voxhost_v1_WriteFinish__Output } from '../../voxhost/v1/WriteFinish.js';

export interface WriteVolumeRequest {
  'header'?: (_voxhost_v1_WriteHeader | null);
  'chunk'?: (_voxhost_v1_VolumeChunk | null);
  'finish'?: (_voxhost_v1_WriteFinish | null);
  'message'?: "header"|"chunk"|"finish";
}

export interface WriteVolumeRequest__Output {
  'header'?: (_voxhost_v1_WriteHeader__Output | null);
  'chunk'?: (_voxhost_v1_VolumeChunk__Output | null);
  'finish'?: (_voxhost_v1_WriteFinish__Output | null);
  'message'?: "header"|"chunk"|"finish";
}
