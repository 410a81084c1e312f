// Original file: proto/voxhost/v1/run_service.proto

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../google/protobuf/Duration.js';

export interface Progress {
  'stage'?: (string);
  'step'?: (number);
  'stepCount'?: (number);
  'fraction'?: (number | string);
  'timeLeft'?: (_google_protobuf_Duration | null);
}

export interface Progress__Output {
  'stage': (string);
  'step': (number);
  'stepCount': (number);
  'fraction': (number);
  'timeLeft': (_google_protobuf_Duration__Output | null);
}
