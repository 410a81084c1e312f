// Original file: proto/voxhost/v1/host_service.proto


export interface GetHostInfoRequest {
}

export interface GetHostInfoRequest__Output {
}
