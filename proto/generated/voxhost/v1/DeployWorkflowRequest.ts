// Original file: proto/voxhost/v1/workflow_service.proto

import type { DeployStart as _voxhost_v1_DeployStart, DeployStart__Output as _voxhost_v1_DeployStart__Output } from '../../voxhost/v1/DeployStart.js';
import type { DeployFinish as _voxhost_v1_DeployFinish, DeployFinish__Output as _voxhost_v1_DeployFinish__Output } from '../../voxhost/v1/DeployFinish.js';

export interface DeployWorkflowRequest {
  'start'?: (_voxhost_v1_DeployStart | null);
  'data'?: (Buffer | Uint8Array | string);
  'finish'?: (_voxhost_v1_DeployFinish | null);
  'message'?: "start"|"data"|"finish";
}

export interface DeployWorkflowRequest__Output {
  'start'?: (_voxhost_v1_DeployStart__Output | null);
  'data'?: (Buffer);
  'finish'?: (_voxhost_v1_DeployFinish__Output | null);
  'message'?: "start"|"data"|"finish";
}
