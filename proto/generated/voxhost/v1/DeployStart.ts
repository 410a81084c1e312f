// Original file: proto/voxhost/v1/workflow_service.proto


export interface DeployStart {
  'name'?: (string);
}

export interface DeployStart__Output {
  'name': (string);
}
