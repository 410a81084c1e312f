import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { Empty as _google_protobuf_Empty, Empty__Output as _google_protobuf_Empty__Output } from './google/protobuf/Empty.js';
import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from './google/protobuf/Timestamp.js';
import type { DeleteVolumeRequest as _voxhost_v1_DeleteVolumeRequest, DeleteVolumeRequest__Output as _voxhost_v1_DeleteVolumeRequest__Output } from './voxhost/v1/DeleteVolumeRequest.js';
import type { FindMissingVolumesRequest as _voxhost_v1_FindMissingVolumesRequest, FindMissingVolumesRequest__Output as _voxhost_v1_FindMissingVolumesRequest__Output } from './voxhost/v1/FindMissingVolumesRequest.js';
import type { FindMissingVolumesResponse as _voxhost_v1_FindMissingVolumesResponse, FindMissingVolumesResponse__Output as _voxhost_v1_FindMissingVolumesResponse__Output } from './voxhost/v1/FindMissingVolumesResponse.js';
import type { GetVolumeRequest as _voxhost_v1_GetVolumeRequest, GetVolumeRequest__Output as _voxhost_v1_GetVolumeRequest__Output } from './voxhost/v1/GetVolumeRequest.js';
import type { QueryWriteRequest as _voxhost_v1_QueryWriteRequest, QueryWriteRequest__Output as _voxhost_v1_QueryWriteRequest__Output } from './voxhost/v1/QueryWriteRequest.js';
import type { QueryWriteResponse as _voxhost_v1_QueryWriteResponse, QueryWriteResponse__Output as _voxhost_v1_QueryWriteResponse__Output } from './voxhost/v1/QueryWriteResponse.js';
import type { ReadVolumeRequest as _voxhost_v1_ReadVolumeRequest, ReadVolumeRequest__Output as _voxhost_v1_ReadVolumeRequest__Output } from './voxhost/v1/ReadVolumeRequest.js';
import type { ReadVolumeResponse as _voxhost_v1_ReadVolumeResponse, ReadVolumeResponse__Output as _voxhost_v1_ReadVolumeResponse__Output } from './voxhost/v1/ReadVolumeResponse.js';
import type { Volume as _voxhost_v1_Volume, Volume__Output as _voxhost_v1_Volume__Output } from './voxhost/v1/Volume.js';
import type { VolumeChunk as _voxhost_v1_VolumeChunk, VolumeChunk__Output as _voxhost_v1_VolumeChunk__Output } from './voxhost/v1/VolumeChunk.js';
import type { VolumeHeader as _voxhost_v1_VolumeHeader, VolumeHeader__Output as _voxhost_v1_VolumeHeader__Output } from './voxhost/v1/VolumeHeader.js';
import type { VolumeKey as _voxhost_v1_VolumeKey, VolumeKey__Output as _voxhost_v1_VolumeKey__Output } from './voxhost/v1/VolumeKey.js';
import type { VolumeServiceClient as _voxhost_v1_VolumeServiceClient, VolumeServiceDefinition as _voxhost_v1_VolumeServiceDefinition } from './voxhost/v1/VolumeService.js';
import type { WriteFinish as _voxhost_v1_WriteFinish, WriteFinish__Output as _voxhost_v1_WriteFinish__Output } from './voxhost/v1/WriteFinish.js';
import type { WriteHeader as _voxhost_v1_WriteHeader, WriteHeader__Output as _voxhost_v1_WriteHeader__Output } from './voxhost/v1/WriteHeader.js';
import type { WriteVolumeRequest as _voxhost_v1_WriteVolumeRequest, WriteVolumeRequest__Output as _voxhost_v1_WriteVolumeRequest__Output } from './voxhost/v1/WriteVolumeRequest.js';
import type { WriteVolumeResponse as _voxhost_v1_WriteVolumeResponse, WriteVolumeResponse__Output as _voxhost_v1_WriteVolumeResponse__Output } from './voxhost/v1/WriteVolumeResponse.js';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  google: {
    protobuf: {
      Empty: MessageTypeDefinition<_google_protobuf_Empty, _google_protobuf_Empty__Output>
      Timestamp: MessageTypeDefinition<_google_protobuf_Timestamp, _google_protobuf_Timestamp__Output>
    }
  }
  voxhost: {
    v1: {
      ChunkEncoding: EnumTypeDefinition
      ComponentType: EnumTypeDefinition
      DeleteVolumeRequest: MessageTypeDefinition<_voxhost_v1_DeleteVolumeRequest, _voxhost_v1_DeleteVolumeRequest__Output>
      FindMissingVolumesRequest: MessageTypeDefinition<_voxhost_v1_FindMissingVolumesRequest, _voxhost_v1_FindMissingVolumesRequest__Output>
      FindMissingVolumesResponse: MessageTypeDefinition<_voxhost_v1_FindMissingVolumesResponse, _voxhost_v1_FindMissingVolumesResponse__Output>
      GetVolumeRequest: MessageTypeDefinition<_voxhost_v1_GetVolumeRequest, _voxhost_v1_GetVolumeRequest__Output>
      QueryWriteRequest: MessageTypeDefinition<_voxhost_v1_QueryWriteRequest, _voxhost_v1_QueryWriteRequest__Output>
      QueryWriteResponse: MessageTypeDefinition<_voxhost_v1_QueryWriteResponse, _voxhost_v1_QueryWriteResponse__Output>
      ReadVolumeRequest: MessageTypeDefinition<_voxhost_v1_ReadVolumeRequest, _voxhost_v1_ReadVolumeRequest__Output>
      ReadVolumeResponse: MessageTypeDefinition<_voxhost_v1_ReadVolumeResponse, _voxhost_v1_ReadVolumeResponse__Output>
      Volume: MessageTypeDefinition<_voxhost_v1_Volume, _voxhost_v1_Volume__Output>
      VolumeChunk: MessageTypeDefinition<_voxhost_v1_VolumeChunk, _voxhost_v1_VolumeChunk__Output>
      VolumeHeader: MessageTypeDefinition<_voxhost_v1_VolumeHeader, _voxhost_v1_VolumeHeader__Output>
      VolumeKey: MessageTypeDefinition<_voxhost_v1_VolumeKey, _voxhost_v1_VolumeKey__Output>
      VolumeService: SubtypeConstructor<typeof grpc.Client, _voxhost_v1_VolumeServiceClient> & { service: _voxhost_v1_VolumeServiceDefinition }
      WriteFinish: MessageTypeDefinition<_voxhost_v1_WriteFinish, _voxhost_v1_WriteFinish__Output>
      WriteHeader: MessageTypeDefinition<_voxhost_v1_WriteHeader, _voxhost_v1_WriteHeader__Output>
      WriteVolumeRequest: MessageTypeDefinition<_voxhost_v1_WriteVolumeRequest, _voxhost_v1_WriteVolumeRequest__Output>
      WriteVolumeResponse: MessageTypeDefinition<_voxhost_v1_WriteVolumeResponse, _voxhost_v1_WriteVolumeResponse__Output>
    }
  }
}

