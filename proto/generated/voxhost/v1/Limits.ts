// Original file: proto/voxhost/v1/host_service.proto

import type { Long } from '@grpc/proto-loader';

export interface Limits {
  'maxChunkBytes'?: (number | string | Long);
  'maxVolumeBytes'?: (number | string | Long);
  'storeQuotaBytes'?: (number | string | Long);
  'storeUsedBytes'?: (number | string | Long);
  'maxQueuedRuns'?: (number);
  'modelMemoryBudgetBytes'?: (number | string | Long);
  'maxBundleBytes'?: (number | string | Long);
}

export interface Limits__Output {
  'maxChunkBytes': (number);
  'maxVolumeBytes': (number);
  'storeQuotaBytes': (number);
  'storeUsedBytes': (number);
  'maxQueuedRuns': (number);
  'modelMemoryBudgetBytes': (number);
  'maxBundleBytes': (number);
}
