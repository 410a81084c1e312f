// Original file: proto/voxhost/v1/volume_service.proto

import type { Long } from '@grpc/proto-loader';

export interface WriteFinish {
  'sizeBytes'?: (number | string | Long);
  'sha256'?: (string);
}

export interface WriteFinish__Output {
  'sizeBytes': (number);
  'sha256': (string);
}
