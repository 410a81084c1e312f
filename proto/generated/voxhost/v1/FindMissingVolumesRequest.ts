// Original file: proto/voxhost/v1/volume_service.proto

import type { VolumeKey as _voxhost_v1_VolumeKey, VolumeKey__Output as _voxhost_v1_VolumeKey__Output } from '../../voxhost/v1/VolumeKey.js';

export interface FindMissingVolumesRequest {
  'keys'?: (_voxhost_v1_VolumeKey)[];
}

export interface FindMissingVolumesRequest__Output {
  'keys': (_voxhost_v1_VolumeKey__Output)[];
}
