// Original file: proto/voxhost/v1/run_service.proto

import type { Volume as _voxhost_v1_Volume, Volume__Output as _voxhost_v1_Volume__Output } from '../../voxhost/v1/Volume.js';
import type { OutputKind as _voxhost_v1_OutputKind, OutputKind__Output as _voxhost_v1_OutputKind__Output } from '../../voxhost/v1/OutputKind.js';
import type { SegmentMeasure as _voxhost_v1_SegmentMeasure, SegmentMeasure__Output as _voxhost_v1_SegmentMeasure__Output } from '../../voxhost/v1/SegmentMeasure.js';

export interface RunOutput {
  'name'?: (string);
  'volume'?: (_voxhost_v1_Volume | null);
  'kind'?: (_voxhost_v1_OutputKind);
  'segments'?: (_voxhost_v1_SegmentMeasure)[];
}

export interface RunOutput__Output {
  'name': (string);
  'volume': (_voxhost_v1_Volume__Output | null);
  'kind': (_voxhost_v1_OutputKind__Output);
  'segments': (_voxhost_v1_SegmentMeasure__Output)[];
}
