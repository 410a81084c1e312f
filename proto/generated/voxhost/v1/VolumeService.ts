// Original file: proto/voxhost/v1/volume_service.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { DeleteVolumeRequest as _voxhost_v1_DeleteVolumeRequest, DeleteVolumeRequest__Output as _voxhost_v1_DeleteVolumeRequest__Output } from '../../voxhost/v1/DeleteVolumeRequest.js';
import type { Empty as _google_protobuf_Empty, Empty__Output as _google_protobuf_Empty__Output } from '../../google/protobuf/Empty.js';
import type { FindMissingVolumesRequest as _voxhost_v1_FindMissingVolumesRequest, FindMissingVolumesRequest__Output as _voxhost_v1_FindMissingVolumesRequest__Output } from '../../voxhost/v1/FindMissingVolumesRequest.js';
import type { FindMissingVolumesResponse as _voxhost_v1_FindMissingVolumesResponse, FindMissingVolumesResponse__Output as _voxhost_v1_FindMissingVolumesResponse__Output } from '../../voxhost/v1/FindMissingVolumesResponse.js';
import type { GetVolumeRequest as _voxhost_v1_GetVolumeRequest, GetVolumeRequest__Output as _voxhost_v1_GetVolumeRequest__Output } from '../../voxhost/v1/GetVolumeRequest.js';
import type { QueryWriteRequest as _voxhost_v1_QueryWriteRequest, QueryWriteRequest__Output as _voxhost_v1_QueryWriteRequest__Output } from '../../voxhost/v1/QueryWriteRequest.js';
import type { QueryWriteResponse as _voxhost_v1_QueryWriteResponse, QueryWriteResponse__Output as _voxhost_v1_QueryWriteResponse__Output } from '../../voxhost/v1/QueryWriteResponse.js';
import type { ReadVolumeRequest as _voxhost_v1_ReadVolumeRequest, ReadVolumeRequest__Output as _voxhost_v1_ReadVolumeRequest__Output } from '../../voxhost/v1/ReadVolumeRequest.js';
import type { ReadVolumeResponse as _voxhost_v1_ReadVolumeResponse, ReadVolumeResponse__Output as _voxhost_v1_ReadVolumeResponse__Output } from '../../voxhost/v1/ReadVolumeResponse.js';
import type { Volume as _voxhost_v1_Volume, Volume__Output as _voxhost_v1_Volume__Output } from '../../voxhost/v1/Volume.js';
import type { WriteVolumeRequest as _voxhost_v1_WriteVolumeRequest, WriteVolumeRequest__Output as _voxhost_v1_WriteVolumeRequest__Output } from '../../voxhost/v1/WriteVolumeRequest.js';
import type { WriteVolumeResponse as _voxhost_v1_WriteVolumeResponse, WriteVolumeResponse__Output as _voxhost_v1_WriteVolumeResponse__Output } from '../../voxhost/v1/WriteVolumeResponse.js';

export interface VolumeServiceClient extends grpc.Client {
  DeleteVolume(argument: _voxhost_v1_DeleteVolumeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  DeleteVolume(argument: _voxhost_v1_DeleteVolumeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  DeleteVolume(argument: _voxhost_v1_DeleteVolumeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  DeleteVolume(argument: _voxhost_v1_DeleteVolumeRequest, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  deleteVolume(argument: _voxhost_v1_DeleteVolumeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  deleteVolume(argument: _voxhost_v1_DeleteVolumeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  deleteVolume(argument: _voxhost_v1_DeleteVolumeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  deleteVolume(argument: _voxhost_v1_DeleteVolumeRequest, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  
  FindMissingVolumes(argument: _voxhost_v1_FindMissingVolumesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_voxhost_v1_FindMissingVolumesResponse__Output>): grpc.ClientUnaryCall;
  FindMissingVolumes(argument: _voxhost_v1_FindMissingVolumesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_voxhost_v1_FindMissingVolumesResponse__Output>): grpc.ClientUnaryCall;
  FindMissingVolumes(argument: _voxhost_v1_FindMissingVolumesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_voxhost_v1_FindMissingVolumesResponse__Output>): grpc.ClientUnaryCall;
  FindMissingVolumes(argument: _voxhost_v1_FindMissingVolumesRequest, callback: grpc.requestCallback<_voxhost_v1_FindMissingVolumesResponse__Output>): grpc.ClientUnaryCall;
  findMissingVolumes(argument: _voxhost_v1_FindMissingVolumesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_voxhost_v1_FindMissingVolumesResponse__Output>): grpc.ClientUnaryCall;
  findMissingVolumes(argument: _voxhost_v1_FindMissingVolumesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_voxhost_v1_FindMissingVolumesResponse__Output>): grpc.ClientUnaryCall;
  findMissingVolumes(argument: _voxhost_v1_FindMissingVolumesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_voxhost_v1_FindMissingVolumesResponse__Output>): grpc.ClientUnaryCall;
  findMissingVolumes(argument: _voxhost_v1_FindMissingVolumesRequest, callback: grpc.requestCallback<_voxhost_v1_FindMissingVolumesResponse__Output>): grpc.ClientUnaryCall;
  
  GetVolume(argument: _voxhost_v1_GetVolumeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_voxhost_v1_Volume__Output>): grpc.ClientUnaryCall;
  GetVolume(argument: _voxhost_v1_GetVolumeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_voxhost_v1_Volume__Output>): grpc.ClientUnaryCall;
  GetVolume(argument: _voxhost_v1_GetVolumeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_voxhost_v1_Volume__Output>): grpc.ClientUnaryCall;
  GetVolume(argument: _voxhost_v1_GetVolumeRequest, callback: grpc.requestCallback<_voxhost_v1_Volume__Output>): grpc.ClientUnaryCall;
  getVolume(argument: _voxhost_v1_GetVolumeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_voxhost_v1_Volume__Output>): grpc.ClientUnaryCall;
  getVolume(argument: _voxhost_v1_GetVolumeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_voxhost_v1_Volume__Output>): grpc.ClientUnaryCall;
  getVolume(argument: _voxhost_v1_GetVolumeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_voxhost_v1_Volume__Output>): grpc.ClientUnaryCall;
  getVolume(argument: _voxhost_v1_GetVolumeRequest, callback: grpc.requestCallback<_voxhost_v1_Volume__Output>): grpc.ClientUnaryCall;
  
  QueryWrite(argument: _voxhost_v1_QueryWriteRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_voxhost_v1_QueryWriteResponse__Output>): grpc.ClientUnaryCall;
  QueryWrite(argument: _voxhost_v1_QueryWriteRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_voxhost_v1_QueryWriteResponse__Output>): grpc.ClientUnaryCall;
  QueryWrite(argument: _voxhost_v1_QueryWriteRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_voxhost_v1_QueryWriteResponse__Output>): grpc.ClientUnaryCall;
  QueryWrite(argument: _voxhost_v1_QueryWriteRequest, callback: grpc.requestCallback<_voxhost_v1_QueryWriteResponse__Output>): grpc.ClientUnaryCall;
  queryWrite(argument: _voxhost_v1_QueryWriteRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_voxhost_v1_QueryWriteResponse__Output>): grpc.ClientUnaryCall;
  queryWrite(argument: _voxhost_v1_QueryWriteRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_voxhost_v1_QueryWriteResponse__Output>): grpc.ClientUnaryCall;
  queryWrite(argument: _voxhost_v1_QueryWriteRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_voxhost_v1_QueryWriteResponse__Output>): grpc.ClientUnaryCall;
  queryWrite(argument: _voxhost_v1_QueryWriteRequest, callback: grpc.requestCallback<_voxhost_v1_QueryWriteResponse__Output>): grpc.ClientUnaryCall;
  
  ReadVolume(argument: _voxhost_v1_ReadVolumeRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_voxhost_v1_ReadVolumeResponse__Output>;
  ReadVolume(argument: _voxhost_v1_ReadVolumeRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_voxhost_v1_ReadVolumeResponse__Output>;
  readVolume(argument: _voxhost_v1_ReadVolumeRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_voxhost_v1_ReadVolumeResponse__Output>;
  readVolume(argument: _voxhost_v1_ReadVolumeRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_voxhost_v1_ReadVolumeResponse__Output>;
  
  WriteVolume(metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_voxhost_v1_WriteVolumeResponse__Output>): grpc.ClientWritableStream<_voxhost_v1_WriteVolumeRequest>;
  WriteVolume(metadata: grpc.Metadata, callback: grpc.requestCallback<_voxhost_v1_WriteVolumeResponse__Output>): grpc.ClientWritableStream<_voxhost_v1_WriteVolumeRequest>;
  WriteVolume(options: grpc.CallOptions, callback: grpc.requestCallback<_voxhost_v1_WriteVolumeResponse__Output>): grpc.ClientWritableStream<_voxhost_v1_WriteVolumeRequest>;
  WriteVolume(callback: grpc.requestCallback<_voxhost_v1_WriteVolumeResponse__Output>): grpc.ClientWritableStream<_voxhost_v1_WriteVolumeRequest>;
  writeVolume(metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_voxhost_v1_WriteVolumeResponse__Output>): grpc.ClientWritableStream<_voxhost_v1_WriteVolumeRequest>;
  writeVolume(metadata: grpc.Metadata, callback: grpc.requestCallback<_voxhost_v1_WriteVolumeResponse__Output>): grpc.ClientWritableStream<_voxhost_v1_WriteVolumeRequest>;
  writeVolume(options: grpc.CallOptions, callback: grpc.requestCallback<_voxhost_v1_WriteVolumeResponse__Output>): grpc.ClientWritableStream<_voxhost_v1_WriteVolumeRequest>;
  writeVolume(callback: grpc.requestCallback<_voxhost_v1_WriteVolumeResponse__Output>): grpc.ClientWritableStream<_voxhost_v1_WriteVolumeRequest>;
  
}

export interface VolumeServiceHandlers extends grpc.UntypedServiceImplementation {
  DeleteVolume: grpc.handleUnaryCall<_voxhost_v1_DeleteVolumeRequest__Output, _google_protobuf_Empty>;
  
  FindMissingVolumes: grpc.handleUnaryCall<_voxhost_v1_FindMissingVolumesRequest__Output, _voxhost_v1_FindMissingVolumesResponse>;
  
  GetVolume: grpc.handleUnaryCall<_voxhost_v1_GetVolumeRequest__Output, _voxhost_v1_Volume>;
  
  QueryWrite: grpc.handleUnaryCall<_voxhost_v1_QueryWriteRequest__Output, _voxhost_v1_QueryWriteResponse>;
  
  ReadVolume: grpc.handleServerStreamingCall<_voxhost_v1_ReadVolumeRequest__Output, _voxhost_v1_ReadVolumeResponse>;
  
  WriteVolume: grpc.handleClientStreamingCall<_voxhost_v1_WriteVolumeRequest__Output, _voxhost_v1_WriteVolumeResponse>;
  
}

export interface VolumeServiceDefinition extends grpc.ServiceDefinition {
  DeleteVolume: MethodDefinition<_voxhost_v1_DeleteVolumeRequest, _google_protobuf_Empty, _voxhost_v1_DeleteVolumeRequest__Output, _google_protobuf_Empty__Output>
  FindMissingVolumes: MethodDefinition<_voxhost_v1_FindMissingVolumesRequest, _voxhost_v1_FindMissingVolumesResponse, _voxhost_v1_FindMissingVolumesRequest__Output, _voxhost_v1_FindMissingVolumesResponse__Output>
  GetVolume: MethodDefinition<_voxhost_v1_GetVolumeRequest, _voxhost_v1_Volume, _voxhost_v1_GetVolumeRequest__Output, _voxhost_v1_Volume__Output>
  QueryWrite: MethodDefinition<_voxhost_v1_QueryWriteRequest, _voxhost_v1_QueryWriteResponse, _voxhost_v1_QueryWriteRequest__Output, _voxhost_v1_QueryWriteResponse__Output>
  ReadVolume: MethodDefinition<_voxhost_v1_ReadVolumeRequest, _voxhost_v1_ReadVolumeResponse, _voxhost_v1_ReadVolumeRequest__Output, _voxhost_v1_ReadVolumeResponse__Output>
  WriteVolume: MethodDefinition<_voxhost_v1_WriteVolumeRequest, _voxhost_v1_WriteVolumeResponse, _voxhost_v1_WriteVolumeRequest__Output, _voxhost_v1_WriteVolumeResponse__Output>
}
