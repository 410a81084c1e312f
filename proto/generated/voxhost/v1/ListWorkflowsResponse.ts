// Original file: proto/voxhost/v1/workflow_service.proto

import type { Workflow as _voxhost_v1_Workflow, Workflow__Output as _voxhost_v1_Workflow__Output } from '../../voxhost/v1/Workflow.js';

export interface ListWorkflowsResponse {
  'workflows'?: (_voxhost_v1_Workflow)[];
  'nextPageToken'?: (string);
}

export interface ListWorkflowsResponse__Output {
  'workflows': (_voxhost_v1_Workflow__Output)[];
  'nextPageToken': (string);
}
