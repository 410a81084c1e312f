// Original file: proto/voxhost/v1/workflow_service.proto


export interface Color {
  'red'?: (number);
  'green'?: (number);
  'blue'?: (number);
}

export interface Color__Output {
  'red': (number);
  'green': (number);
  'blue': (number);
}
