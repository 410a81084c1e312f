// Original file: proto/voxhost/v1/run_service.proto

import type { Segment as _voxhost_v1_Segment, Segment__Output as _voxhost_v1_Segment__Output } from '../../voxhost/v1/Segment.js';
import type { Long } from '@grpc/proto-loader';

export interface SegmentMeasure {
  'segment'?: (_voxhost_v1_Segment | null);
  'voxelCount'?: (number | string | Long);
  'volumeMl'?: (number | string);
}

export interface SegmentMeasure__Output {
  'segment': (_voxhost_v1_Segment__Output | null);
  'voxelCount': (number);
  'volumeMl': (number);
}
