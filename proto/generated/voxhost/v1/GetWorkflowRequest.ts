// Original file: proto/voxhost/v1/workflow_service.proto


export interface GetWorkflowRequest {
  'name'?: (string);
}

export interface GetWorkflowRequest__Output {
  'name': (string);
}
