// Original file: proto/voxhost/v1/run_service.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../google/protobuf/Duration.js';

export interface StageTiming {
  'stage'?: (string);
  'duration'?: (_google_protobuf_Duration | null);
}

export interface StageTiming__Output {
  'stage': (string);
  'duration': (_google_protobuf_Duration__Output | null);
}
