// Original file: proto/voxhost/v1/volume_service.proto


export interface GetVolumeRequest {
  'name'?: (string);
}

export interface GetVolumeRequest__Output {
  'name': (string);
}
