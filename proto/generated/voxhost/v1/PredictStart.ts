// Original file: proto/voxhost/v1/run_service.proto

import type { CreateRunRequest as _voxhost_v1_CreateRunRequest, CreateRunRequest__Output as _voxhost_v1_CreateRunRequest__Output } from '../../voxhost/v1/CreateRunRequest.js';
import type { ChunkEncoding as _voxhost_v1_ChunkEncoding, ChunkEncoding__Output as _voxhost_v1_ChunkEncoding__Output } from '../../voxhost/v1/ChunkEncoding.js';

export interface PredictStart {
  'run'?: (_voxhost_v1_CreateRunRequest | null);
  'streamedInputs'?: (string)[];
  'acceptEncodings'?: (_voxhost_v1_ChunkEncoding)[];
}

export interface PredictStart__Output {
  'run': (_voxhost_v1_CreateRunRequest__Output | null);
  'streamedInputs': (string)[];
  'acceptEncodings': (_voxhost_v1_ChunkEncoding__Output)[];
}
