// Original file: proto/voxhost/v1/run_service.proto


export interface GetRunRequest {
  'name'?: (string);
}

export interface GetRunRequest__Output {
  'name': (string);
}
