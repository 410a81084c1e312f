// Original file: proto/voxhost/v1/volume_service.proto

import type { ChunkEncoding as _voxhost_v1_ChunkEncoding, ChunkEncoding__Output as _voxhost_v1_ChunkEncoding__Output } from '../../voxhost/v1/ChunkEncoding.js';
import type { Long } from '@grpc/proto-loader';

export interface ReadVolumeRequest {
  'name'?: (string);
  'offsetBytes'?: (number | string | Long);
  'limitBytes'?: (number | string | Long);
  'acceptEncodings'?: (_voxhost_v1_ChunkEncoding)[];
}

export interface ReadVolumeRequest__Output {
  'name': (string);
  'offsetBytes': (number);
  'limitBytes': (number);
  'acceptEncodings': (_voxhost_v1_ChunkEncoding__Output)[];
}
