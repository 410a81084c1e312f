// Original file: proto/voxhost/v1/volume_service.proto

import type { Volume as _voxhost_v1_Volume, Volume__Output as _voxhost_v1_Volume__Output } from '../../voxhost/v1/Volume.js';
import type { Long } from '@grpc/proto-loader';

export interface QueryWriteResponse {
  'committedBytes'?: (number | string | Long);
  'volume'?: (_voxhost_v1_Volume | null);
}

export interface QueryWriteResponse__Output {
  'committedBytes': (number);
  'volume': (_voxhost_v1_Volume__Output | null);
}
