// Original file: proto/voxhost/v1/workflow_service.proto


export interface ListWorkflowsRequest {
  'pageSize'?: (number);
  'pageToken'?: (string);
}

export interface ListWorkflowsRequest__Output {
  'pageSize': (number);
  'pageToken': (string);
}
