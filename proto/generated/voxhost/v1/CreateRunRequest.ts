// Original file: proto/voxhost/v1/run_service.proto

import type { Value as _google_protobuf_Value, Value__Output as _google_protobuf_Value__Output } from '../../google/protobuf/Value.js';

export interface CreateRunRequest {
  'workflow'?: (string);
  'inputs'?: ({[key: string]: string});
  'parameters'?: ({[key: string]: _google_protobuf_Value});
  'requestId'?: (string);
}

export interface CreateRunRequest__Output {
  'workflow': (string);
  'inputs': ({[key: string]: string});
  'parameters': ({[key: string]: _google_protobuf_Value__Output});
  'requestId': (string);
}
