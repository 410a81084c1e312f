// Original file: proto/voxhost/v1/host_service.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { GetHostInfoRequest as _voxhost_v1_GetHostInfoRequest, GetHostInfoRequest__Output as _voxhost_v1_GetHostInfoRequest__Output } from '../../voxhost/v1/GetHostInfoRequest.js';
import type { HostInfo as _voxhost_v1_HostInfo, HostInfo__Output as _voxhost_v1_HostInfo__Output } from '../../voxhost/v1/HostInfo.js';

export interface HostServiceClient extends grpc.Client {
  GetHostInfo(argument: _voxhost_v1_GetHostInfoRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_voxhost_v1_HostInfo__Output>): grpc.ClientUnaryCall;
  GetHostInfo(argument: _voxhost_v1_GetHostInfoRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_voxhost_v1_HostInfo__Output>): grpc.ClientUnaryCall;
  GetHostInfo(argument: _voxhost_v1_GetHostInfoRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_voxhost_v1_HostInfo__Output>): grpc.ClientUnaryCall;
  GetHostInfo(argument: _voxhost_v1_GetHostInfoRequest, callback: grpc.requestCallback<_voxhost_v1_HostInfo__Output>): grpc.ClientUnaryCall;
  getHostInfo(argument: _voxhost_v1_GetHostInfoRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_voxhost_v1_HostInfo__Output>): grpc.ClientUnaryCall;
  getHostInfo(argument: _voxhost_v1_GetHostInfoRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_voxhost_v1_HostInfo__Output>): grpc.ClientUnaryCall;
  getHostInfo(argument: _voxhost_v1_GetHostInfoRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_voxhost_v1_HostInfo__Output>): grpc.ClientUnaryCall;
  getHostInfo(argument: _voxhost_v1_GetHostInfoRequest, callback: grpc.requestCallback<_voxhost_v1_HostInfo__Output>): grpc.ClientUnaryCall;
  
}

export interface HostServiceHandlers extends grpc.UntypedServiceImplementation {
  GetHostInfo: grpc.handleUnaryCall<_voxhost_v1_GetHostInfoRequest__Output, _voxhost_v1_HostInfo>;
  
}

export interface HostServiceDefinition extends grpc.ServiceDefinition {
  GetHostInfo: MethodDefinition<_voxhost_v1_GetHostInfoRequest, _voxhost_v1_HostInfo, _voxhost_v1_GetHostInfoRequest__Output, _voxhost_v1_HostInfo__Output>
}
