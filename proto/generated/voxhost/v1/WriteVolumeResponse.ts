// Original file: proto/voxhost/v1/volume_service.proto

import type { Volume as _voxhost_v1_Volume, Volume__Output as _voxhost_v1_Volume__Output } from '../../voxhost/v1/Volume.js';

export interface WriteVolumeResponse {
  'volume'?: (_voxhost_v1_Volume | null);
}

export interface WriteVolumeResponse__Output {
  'volume': (_voxhost_v1_Volume__Output | null);
}
