// Original file: proto/voxhost/v1/volume_service.proto

import type { Volume as _voxhost_v1_Volume, Volume__Output as _voxhost_v1_Volume__Output } from '../../voxhost/v1/Volume.js';
import type { VolumeChunk as _voxhost_v1_VolumeChunk, VolumeChunk__Output as _voxhost_v1_VolumeChunk__Output } from '../../voxhost/v1/VolumeChunk.js';

export interface ReadVolumeResponse {
  'volume'?: (_voxhost_v1_Volume | null);
  'chunk'?: (_voxhost_v1_VolumeChunk | null);
  'message'?: "volume"|"chunk";
}

export interface ReadVolumeResponse__Output {
  'volume'?: (_voxhost_v1_Volume__Output | null);
  'chunk'?: (_voxhost_v1_VolumeChunk__Output | null);
  'message'?: "volume"|"chunk";
}
