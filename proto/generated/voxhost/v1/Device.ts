// Original file: proto/voxhost/v1/host_service.proto


export interface Device {
  'name'?: (string);
  'available'?: (boolean);
  'reason'?: (string);
  'busy'?: (number);
}

export interface Device__Output {
  'name': (string);
  'available': (boolean);
  'reason': (string);
  'busy': (number);
}
