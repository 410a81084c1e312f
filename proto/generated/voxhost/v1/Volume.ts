// Original file: proto/voxhost/v1/volume_service.proto

import type { VolumeHeader as _voxhost_v1_VolumeHeader, VolumeHeader__Output as _voxhost_v1_VolumeHeader__Output } from '../../voxhost/v1/VolumeHeader.js';
import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../google/protobuf/Timestamp.js';
import type { Long } from '@grpc/proto-loader';

export interface Volume {
  'name'?: (string);
  'header'?: (_voxhost_v1_VolumeHeader | null);
  'sizeBytes'?: (number | string | Long);
  'sha256'?: (string);
  'createTime'?: (_google_protobuf_Timestamp | null);
}

export interface Volume__Output {
  'name': (string);
  'header': (_voxhost_v1_VolumeHeader__Output | null);
  'sizeBytes': (number);
  'sha256': (string);
  'createTime': (_google_protobuf_Timestamp__Output | null);
}
