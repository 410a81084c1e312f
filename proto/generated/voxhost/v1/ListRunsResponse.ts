// Original file: proto/voxhost/v1/run_service.proto

import type { Run as _voxhost_v1_Run, Run__Output as _voxhost_v1_Run__Output } from '../../voxhost/v1/Run.js';

export interface ListRunsResponse {
  'runs'?: (_voxhost_v1_Run)[];
  'nextPageToken'?: (string);
}

export interface ListRunsResponse__Output {
  'runs': (_voxhost_v1_Run__Output)[];
  'nextPageToken': (string);
}
