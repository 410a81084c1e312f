// Original file: proto/voxhost/v1/workflow_service.proto

import type { Long } from '@grpc/proto-loader';

export interface DeployFinish {
  'sizeBytes'?: (number | string | Long);
  'sha256'?: (string);
}

export interface DeployFinish__Output {
  'sizeBytes': (number);
  'sha256': (string);
}
