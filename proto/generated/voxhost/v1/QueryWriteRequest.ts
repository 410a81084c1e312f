// Original file: proto/voxhost/v1/volume_service.proto


export interface QueryWriteRequest {
  'uploadId'?: (string);
}

export interface QueryWriteRequest__Output {
  'uploadId': (string);
}
