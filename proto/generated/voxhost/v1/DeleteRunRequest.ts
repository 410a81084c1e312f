// Original file: proto/voxhost/v1/run_service.proto


export interface DeleteRunRequest {
  'name'?: (string);
}

export interface DeleteRunRequest__Output {
  'name': (string);
}
