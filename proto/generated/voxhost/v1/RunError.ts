// Original file: proto/voxhost/v1/run_service.proto


export interface RunError {
  'code'?: (number);
  'reason'?: (string);
  'message'?: (string);
  'metadata'?: ({[key: string]: string});
}

export interface RunError__Output {
  'code': (number);
  'reason': (string);
  'message': (string);
  'metadata': ({[key: string]: string});
}
