// Original file: proto/voxhost/v1/run_service.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../google/protobuf/Duration.js';

export interface Queued {
  'position'?: (number);
  'estimatedWait'?: (_google_protobuf_Duration | null);
  'workflowLoading'?: (boolean);
}

export interface Queued__Output {
  'position': (number);
  'estimatedWait': (_google_protobuf_Duration__Output | null);
  'workflowLoading': (boolean);
}
