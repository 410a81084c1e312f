import type * as grpc from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

import type { Device as _voxhost_v1_Device, Device__Output as _voxhost_v1_Device__Output } from './voxhost/v1/Device.js';
import type { GetHostInfoRequest as _voxhost_v1_GetHostInfoRequest, GetHostInfoRequest__Output as _voxhost_v1_GetHostInfoRequest__Output } from './voxhost/v1/GetHostInfoRequest.js';
import type { HostInfo as _voxhost_v1_HostInfo, HostInfo__Output as _voxhost_v1_HostInfo__Output } from './voxhost/v1/HostInfo.js';
import type { HostServiceClient as _voxhost_v1_HostServiceClient, HostServiceDefinition as _voxhost_v1_HostServiceDefinition } from './voxhost/v1/HostService.js';
import type { Limits as _voxhost_v1_Limits, Limits__Output as _voxhost_v1_Limits__Output } from './voxhost/v1/Limits.js';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  voxhost: {
    v1: {
      Device: MessageTypeDefinition<_voxhost_v1_Device, _voxhost_v1_Device__Output>
      GetHostInfoRequest: MessageTypeDefinition<_voxhost_v1_GetHostInfoRequest, _voxhost_v1_GetHostInfoRequest__Output>
      HostInfo: MessageTypeDefinition<_voxhost_v1_HostInfo, _voxhost_v1_HostInfo__Output>
      HostService: SubtypeConstructor<typeof grpc.Client, _voxhost_v1_HostServiceClient> & { service: _voxhost_v1_HostServiceDefinition }
      Limits: MessageTypeDefinition<_voxhost_v1_Limits, _voxhost_v1_Limits__Output>
    }
  }
}

