// Original file: proto/voxhost/v1/run_service.proto

import type { Value as _google_protobuf_Value, Value__Output as _google_protobuf_Value__Output } from '../../google/protobuf/Value.js';
import type { RunState as _voxhost_v1_RunState, RunState__Output as _voxhost_v1_RunState__Output } from '../../voxhost/v1/RunState.js';
import type { RunOutput as _voxhost_v1_RunOutput, RunOutput__Output as _voxhost_v1_RunOutput__Output } from '../../voxhost/v1/RunOutput.js';
import type { RunError as _voxhost_v1_RunError, RunError__Output as _voxhost_v1_RunError__Output } from '../../voxhost/v1/RunError.js';
import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../google/protobuf/Timestamp.js';
import type { StageTiming as _voxhost_v1_StageTiming, StageTiming__Output as _voxhost_v1_StageTiming__Output } from '../../voxhost/v1/StageTiming.js';

export interface Run {
  'name'?: (string);
  'workflow'?: (string);
  'inputs'?: ({[key: string]: string});
  'parameters'?: ({[key: string]: _google_protobuf_Value});
  'state'?: (_voxhost_v1_RunState);
  'outputs'?: (_voxhost_v1_RunOutput)[];
  'error'?: (_voxhost_v1_RunError | null);
  'createTime'?: (_google_protobuf_Timestamp | null);
  'startTime'?: (_google_protobuf_Timestamp | null);
  'endTime'?: (_google_protobuf_Timestamp | null);
  'timings'?: (_voxhost_v1_StageTiming)[];
  'requestId'?: (string);
}

export interface Run__Output {
  'name': (string);
  'workflow': (string);
  'inputs': ({[key: string]: string});
  'parameters': ({[key: string]: _google_protobuf_Value__Output});
  'state': (_voxhost_v1_RunState__Output);
  'outputs': (_voxhost_v1_RunOutput__Output)[];
  'error': (_voxhost_v1_RunError__Output | null);
  'createTime': (_google_protobuf_Timestamp__Output | null);
  'startTime': (_google_protobuf_Timestamp__Output | null);
  'endTime': (_google_protobuf_Timestamp__Output | null);
  'timings': (_voxhost_v1_StageTiming__Output)[];
  'requestId': (string);
}
