// Original file: proto/voxhost/v1/run_service.proto


export interface Cancelled {
  'reason'?: (string);
}

export interface Cancelled__Output {
  'reason': (string);
}
