// Original file: proto/voxhost/v1/workflow_service.proto

export const WorkflowState = {
  WORKFLOW_STATE_UNSPECIFIED: 'WORKFLOW_STATE_UNSPECIFIED',
  WORKFLOW_STATE_LOADING: 'WORKFLOW_STATE_LOADING',
  WORKFLOW_STATE_READY: 'WORKFLOW_STATE_READY',
  WORKFLOW_STATE_FAILED: 'WORKFLOW_STATE_FAILED',
} as const;

export type WorkflowState =
  | 'WORKFLOW_STATE_UNSPECIFIED'
  | 0
  | 'WORKFLOW_STATE_LOADING'
  | 1
  | 'WORKFLOW_STATE_READY'
  | 2
  | 'WORKFLOW_STATE_FAILED'
  | 3

export type WorkflowState__Output = typeof WorkflowState[keyof typeof WorkflowState]
