// Original file: proto/voxhost/v1/volume_service.proto

import type { VolumeHeader as _voxhost_v1_VolumeHeader, VolumeHeader__Output as _voxhost_v1_VolumeHeader__Output } from '../../voxhost/v1/VolumeHeader.js';

export interface WriteHeader {
  'uploadId'?: (string);
  'header'?: (_voxhost_v1_VolumeHeader | null);
}

export interface WriteHeader__Output {
  'uploadId': (string);
  'header': (_voxhost_v1_VolumeHeader__Output | null);
}
