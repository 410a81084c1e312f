// Original file: proto/voxhost/v1/workflow_service.proto


export interface Code {
  'scheme'?: (string);
  'value'?: (string);
  'meaning'?: (string);
}

export interface Code__Output {
  'scheme': (string);
  'value': (string);
  'meaning': (string);
}
