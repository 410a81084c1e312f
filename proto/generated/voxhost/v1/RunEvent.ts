// Original file: proto/voxhost/v1/run_service.proto

import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../google/protobuf/Timestamp.js';
import type { Queued as _voxhost_v1_Queued, Queued__Output as _voxhost_v1_Queued__Output } from '../../voxhost/v1/Queued.js';
import type { Started as _voxhost_v1_Started, Started__Output as _voxhost_v1_Started__Output } from '../../voxhost/v1/Started.js';
import type { Progress as _voxhost_v1_Progress, Progress__Output as _voxhost_v1_Progress__Output } from '../../voxhost/v1/Progress.js';
import type { OutputReady as _voxhost_v1_OutputReady, OutputReady__Output as _voxhost_v1_OutputReady__Output } from '../../voxhost/v1/OutputReady.js';
import type { Succeeded as _voxhost_v1_Succeeded, Succeeded__Output as _voxhost_v1_Succeeded__Output } from '../../voxhost/v1/Succeeded.js';
import type { Failed as _voxhost_v1_Failed, Failed__Output as _voxhost_v1_Failed__Output } from '../../voxhost/v1/Failed.js';
import type { Cancelled as _voxhost_v1_Cancelled, Cancelled__Output as _voxhost_v1_Cancelled__Output } from '../../voxhost/v1/Cancelled.js';
import type { Long } from '@grpc/proto-loader';

export interface RunEvent {
  'sequence'?: (number | string | Long);
  'run'?: (string);
  'time'?: (_google_protobuf_Timestamp | null);
  'queued'?: (_voxhost_v1_Queued | null);
  'started'?: (_voxhost_v1_Started | null);
  'progress'?: (_voxhost_v1_Progress | null);
  'outputReady'?: (_voxhost_v1_OutputReady | null);
  'succeeded'?: (_voxhost_v1_Succeeded | null);
  'failed'?: (_voxhost_v1_Failed | null);
  'cancelled'?: (_voxhost_v1_Cancelled | null);
  'event'?: "queued"|"started"|"progress"|"outputReady"|"succeeded"|"failed"|"cancelled";
}

export interface RunEvent__Output {
  'sequence': (number);
  'run': (string);
  'time': (_google_protobuf_Timestamp__Output | null);
  'queued'?: (_voxhost_v1_Queued__Output | null);
  'started'?: (_voxhost_v1_Started__Output | null);
  'progress'?: (_voxhost_v1_Progress__Output | null);
  'outputReady'?: (_voxhost_v1_OutputReady__Output | null);
  'succeeded'?: (_voxhost_v1_Succeeded__Output | null);
  'failed'?: (_voxhost_v1_Failed__Output | null);
  'cancelled'?: (_voxhost_v1_Cancelled__Output | null);
  'event'?: "queued"|"started"|"progress"|"outputReady"|"succeeded"|"failed"|"cancelled";
}
