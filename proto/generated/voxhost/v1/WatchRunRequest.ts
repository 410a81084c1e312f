// Original file: proto/voxhost/v1/run_service.proto

import type { Long } from '@grpc/proto-loader';

export interface WatchRunRequest {
  'name'?: (string);
  'afterSequence'?: (number | string | Long);
}

export interface WatchRunRequest__Output {
  'name': (string);
  'afterSequence': (number);
}
