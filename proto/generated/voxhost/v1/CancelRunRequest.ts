// Original file: proto/voxhost/v1/run_service.proto


export interface CancelRunRequest {
  'name'?: (string);
}

export interface CancelRunRequest__Output {
  'name': (string);
}
