// Original file: proto/voxhost/v1/volume_service.proto


export interface DeleteVolumeRequest {
  'name'?: (string);
}

export interface DeleteVolumeRequest__Output {
  'name': (string);
}
