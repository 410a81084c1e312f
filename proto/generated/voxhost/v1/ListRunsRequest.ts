// Original file: proto/voxhost/v1/run_service.proto


export interface ListRunsRequest {
  'pageSize'?: (number);
  'pageToken'?: (string);
}

export interface ListRunsRequest__Output {
  'pageSize': (number);
  'pageToken': (string);
}
