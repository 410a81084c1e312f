// Original file: proto/voxhost/v1/workflow_service.proto


export interface UndeployWorkflowRequest {
  'name'?: (string);
}

export interface UndeployWorkflowRequest__Output {
  'name': (string);
}
