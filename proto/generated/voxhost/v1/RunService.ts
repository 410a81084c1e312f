// Original file: proto/voxhost/v1/run_service.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { CancelRunRequest as _voxhost_v1_CancelRunRequest, CancelRunRequest__Output as _voxhost_v1_CancelRunRequest__Output } from '../../voxhost/v1/CancelRunRequest.js';
import type { CreateRunRequest as _voxhost_v1_CreateRunRequest, CreateRunRequest__Output as _voxhost_v1_CreateRunRequest__Output } from '../../voxhost/v1/CreateRunRequest.js';
import type { DeleteRunRequest as _voxhost_v1_DeleteRunRequest, DeleteRunRequest__Output as _voxhost_v1_DeleteRunRequest__Output } from '../../voxhost/v1/DeleteRunRequest.js';
import type { Empty as _google_protobuf_Empty, Empty__Output as _google_protobuf_Empty__Output } from '../../google/protobuf/Empty.js';
import type { GetRunRequest as _voxhost_v1_GetRunRequest, GetRunRequest__Output as _voxhost_v1_GetRunRequest__Output } from '../../voxhost/v1/GetRunRequest.js';
import type { ListRunsRequest as _voxhost_v1_ListRunsRequest, ListRunsRequest__Output as _voxhost_v1_ListRunsRequest__Output } from '../../voxhost/v1/ListRunsRequest.js';
import type { ListRunsResponse as _voxhost_v1_ListRunsResponse, ListRunsResponse__Output as _voxhost_v1_ListRunsResponse__Output } from '../../voxhost/v1/ListRunsResponse.js';
import type { PredictRequest as _voxhost_v1_PredictRequest, PredictRequest__Output as _voxhost_v1_PredictRequest__Output } from '../../voxhost/v1/PredictRequest.js';
import type { PredictResponse as _voxhost_v1_PredictResponse, PredictResponse__Output as _voxhost_v1_PredictResponse__Output } from '../../voxhost/v1/PredictResponse.js';
import type { Run as _voxhost_v1_Run, Run__Output as _voxhost_v1_Run__Output } from '../../voxhost/v1/Run.js';
import type { RunEvent as _voxhost_v1_RunEvent, RunEvent__Output as _voxhost_v1_RunEvent__Output } from '../../voxhost/v1/RunEvent.js';
import type { WatchRunRequest as _voxhost_v1_WatchRunRequest, WatchRunRequest__Output as _voxhost_v1_WatchRunRequest__Output } from '../../voxhost/v1/WatchRunRequest.js';

export interface RunServiceClient extends grpc.Client {
  CancelRun(argument: _voxhost_v1_CancelRunRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_voxhost_v1_Run__Output>): grpc.ClientUnaryCall;
  CancelRun(argument: _voxhost_v1_CancelRunRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_voxhost_v1_Run__Output>): grpc.ClientUnaryCall;
  CancelRun(argument: _voxhost_v1_CancelRunRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_voxhost_v1_Run__Output>): grpc.ClientUnaryCall;
  CancelRun(argument: _voxhost_v1_CancelRunRequest, callback: grpc.requestCallback<_voxhost_v1_Run__Output>): grpc.ClientUnaryCall;
  cancelRun(argument: _voxhost_v1_CancelRunRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_voxhost_v1_Run__Output>): grpc.ClientUnaryCall;
  cancelRun(argument: _voxhost_v1_CancelRunRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_voxhost_v1_Run__Output>): grpc.ClientUnaryCall;
  cancelRun(argument: _voxhost_v1_CancelRunRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_voxhost_v1_Run__Output>): grpc.ClientUnaryCall;
  cancelRun(argument: _voxhost_v1_CancelRunRequest, callback: grpc.requestCallback<_voxhost_v1_Run__Output>): grpc.ClientUnaryCall;
  
  CreateRun(argument: _voxhost_v1_CreateRunRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_voxhost_v1_Run__Output>): grpc.ClientUnaryCall;
  CreateRun(argument: _voxhost_v1_CreateRunRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_voxhost_v1_Run__Output>): grpc.ClientUnaryCall;
  CreateRun(argument: _voxhost_v1_CreateRunRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_voxhost_v1_Run__Output>): grpc.ClientUnaryCall;
  CreateRun(argument: _voxhost_v1_CreateRunRequest, callback: grpc.requestCallback<_voxhost_v1_Run__Output>): grpc.ClientUnaryCall;
  createRun(argument: _voxhost_v1_CreateRunRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_voxhost_v1_Run__Output>): grpc.ClientUnaryCall;
  createRun(argument: _voxhost_v1_CreateRunRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_voxhost_v1_Run__Output>): grpc.ClientUnaryCall;
  createRun(argument: _voxhost_v1_CreateRunRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_voxhost_v1_Run__Output>): grpc.ClientUnaryCall;
  createRun(argument: _voxhost_v1_CreateRunRequest, callback: grpc.requestCallback<_voxhost_v1_Run__Output>): grpc.ClientUnaryCall;
  
  DeleteRun(argument: _voxhost_v1_DeleteRunRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  DeleteRun(argument: _voxhost_v1_DeleteRunRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  DeleteRun(argument: _voxhost_v1_DeleteRunRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  DeleteRun(argument: _voxhost_v1_DeleteRunRequest, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  deleteRun(argument: _voxhost_v1_DeleteRunRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  deleteRun(argument: _voxhost_v1_DeleteRunRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  deleteRun(argument: _voxhost_v1_DeleteRunRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  deleteRun(argument: _voxhost_v1_DeleteRunRequest, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  
  GetRun(argument: _voxhost_v1_GetRunRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_voxhost_v1_Run__Output>): grpc.ClientUnaryCall;
  GetRun(argument: _voxhost_v1_GetRunRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_voxhost_v1_Run__Output>): grpc.ClientUnaryCall;
  GetRun(argument: _voxhost_v1_GetRunRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_voxhost_v1_Run__Output>): grpc.ClientUnaryCall;
  GetRun(argument: _voxhost_v1_GetRunRequest, callback: grpc.requestCallback<_voxhost_v1_Run__Output>): grpc.ClientUnaryCall;
  getRun(argument: _voxhost_v1_GetRunRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_voxhost_v1_Run__Output>): grpc.ClientUnaryCall;
  getRun(argument: _voxhost_v1_GetRunRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_voxhost_v1_Run__Output>): grpc.ClientUnaryCall;
  getRun(argument: _voxhost_v1_GetRunRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_voxhost_v1_Run__Output>): grpc.ClientUnaryCall;
  getRun(argument: _voxhost_v1_GetRunRequest, callback: grpc.requestCallback<_voxhost_v1_Run__Output>): grpc.ClientUnaryCall;
  
  ListRuns(argument: _voxhost_v1_ListRunsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_voxhost_v1_ListRunsResponse__Output>): grpc.ClientUnaryCall;
  ListRuns(argument: _voxhost_v1_ListRunsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_voxhost_v1_ListRunsResponse__Output>): grpc.ClientUnaryCall;
  ListRuns(argument: _voxhost_v1_ListRunsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_voxhost_v1_ListRunsResponse__Output>): grpc.ClientUnaryCall;
  ListRuns(argument: _voxhost_v1_ListRunsRequest, callback: grpc.requestCallback<_voxhost_v1_ListRunsResponse__Output>): grpc.ClientUnaryCall;
  listRuns(argument: _voxhost_v1_ListRunsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_voxhost_v1_ListRunsResponse__Output>): grpc.ClientUnaryCall;
  listRuns(argument: _voxhost_v1_ListRunsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_voxhost_v1_ListRunsResponse__Output>): grpc.ClientUnaryCall;
  listRuns(argument: _voxhost_v1_ListRunsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_voxhost_v1_ListRunsResponse__Output>): grpc.ClientUnaryCall;
  listRuns(argument: _voxhost_v1_ListRunsRequest, callback: grpc.requestCallback<_voxhost_v1_ListRunsResponse__Output>): grpc.ClientUnaryCall;
  
  Predict(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_voxhost_v1_PredictRequest, _voxhost_v1_PredictResponse__Output>;
  Predict(options?: grpc.CallOptions): grpc.ClientDuplexStream<_voxhost_v1_PredictRequest, _voxhost_v1_PredictResponse__Output>;
  predict(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_voxhost_v1_PredictRequest, _voxhost_v1_PredictResponse__Output>;
  predict(options?: grpc.CallOptions): grpc.ClientDuplexStream<_voxhost_v1_PredictRequest, _voxhost_v1_PredictResponse__Output>;
  
  WatchRun(argument: _voxhost_v1_WatchRunRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_voxhost_v1_RunEvent__Output>;
  WatchRun(argument: _voxhost_v1_WatchRunRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_voxhost_v1_RunEvent__Output>;
  watchRun(argument: _voxhost_v1_WatchRunRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_voxhost_v1_RunEvent__Output>;
  watchRun(argument: _voxhost_v1_WatchRunRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_voxhost_v1_RunEvent__Output>;
  
}

export interface RunServiceHandlers extends grpc.UntypedServiceImplementation {
  CancelRun: grpc.handleUnaryCall<_voxhost_v1_CancelRunRequest__Output, _voxhost_v1_Run>;
  
  CreateRun: grpc.handleUnaryCall<_voxhost_v1_CreateRunRequest__Output, _voxhost_v1_Run>;
  
  DeleteRun: grpc.handleUnaryCall<_voxhost_v1_DeleteRunRequest__Output, _google_protobuf_Empty>;
  
  GetRun: grpc.handleUnaryCall<_voxhost_v1_GetRunRequest__Output, _voxhost_v1_Run>;
  
  ListRuns: grpc.handleUnaryCall<_voxhost_v1_ListRunsRequest__Output, _voxhost_v1_ListRunsResponse>;
  
  Predict: grpc.handleBidiStreamingCall<_voxhost_v1_PredictRequest__Output, _voxhost_v1_PredictResponse>;
  
  WatchRun: grpc.handleServerStreamingCall<_voxhost_v1_WatchRunRequest__Output, _voxhost_v1_RunEvent>;
  
}

export interface RunServiceDefinition extends grpc.ServiceDefinition {
  CancelRun: MethodDefinition<_voxhost_v1_CancelRunRequest, _voxhost_v1_Run, _voxhost_v1_CancelRunRequest__Output, _voxhost_v1_Run__Output>
  CreateRun: MethodDefinition<_voxhost_v1_CreateRunRequest, _voxhost_v1_Run, _voxhost_v1_CreateRunRequest__Output, _voxhost_v1_Run__Output>
  DeleteRun: MethodDefinition<_voxhost_v1_DeleteRunRequest, _google_protobuf_Empty, _voxhost_v1_DeleteRunRequest__Output, _google_protobuf_Empty__Output>
  GetRun: MethodDefinition<_voxhost_v1_GetRunRequest, _voxhost_v1_Run, _voxhost_v1_GetRunRequest__Output, _voxhost_v1_Run__Output>
  ListRuns: MethodDefinition<_voxhost_v1_ListRunsRequest, _voxhost_v1_ListRunsResponse, _voxhost_v1_ListRunsRequest__Output, _voxhost_v1_ListRunsResponse__Output>
  Predict: MethodDefinition<_voxhost_v1_PredictRequest, _voxhost_v1_PredictResponse, _voxhost_v1_PredictRequest__Output, _voxhost_v1_PredictResponse__Output>
  WatchRun: MethodDefinition<_voxhost_v1_WatchRunRequest, _voxhost_v1_RunEvent, _voxhost_v1_WatchRunRequest__Output, _voxhost_v1_RunEvent__Output>
}
