// Original file: proto/voxhost/v1/volume_service.proto

import type { ChunkEncoding as _voxhost_v1_ChunkEncoding, ChunkEncoding__Output as _voxhost_v1_ChunkEncoding__Output } from '../../voxhost/v1/ChunkEncoding.js';
import type { Long } from '@grpc/proto-loader';

export interface VolumeChunk {
  'offsetBytes'?: (number | string | Long);
  'data'?: (Buffer | Uint8Array | string);
  'encoding'?: (_voxhost_v1_ChunkEncoding);
  'decodedBytes'?: (number | string | Long);
}

export interface VolumeChunk__Output {
  'offsetBytes': (number);
  'data': (Buffer);
  'encoding': (_voxhost_v1_ChunkEncoding__Output);
  'decodedBytes': (number);
}
