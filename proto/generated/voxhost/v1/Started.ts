// Original file: proto/voxhost/v1/run_service.proto


export interface Started {
  'device'?: (string);
}

export interface Started__Output {
  'device': (string);
}
