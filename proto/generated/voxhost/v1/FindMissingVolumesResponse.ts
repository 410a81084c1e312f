// Original file: proto/voxhost/v1/volume_service.proto

import type { VolumeKey as _voxhost_v1_VolumeKey, VolumeKey__Output as _voxhost_v1_VolumeKey__Output } from '../../voxhost/v1/VolumeKey.js';
import type { Volume as _voxhost_v1_Volume, Volume__Output as _voxhost_v1_Volume__Output } from '../../voxhost/v1/Volume.js';

export interface FindMissingVolumesResponse {
  'missing'?: (_voxhost_v1_VolumeKey)[];
  'present'?: (_voxhost_v1_Volume)[];
}

export interface FindMissingVolumesResponse__Output {
  'missing': (_voxhost_v1_VolumeKey__Output)[];
  'present': (_voxhost_v1_Volume__Output)[];
}
