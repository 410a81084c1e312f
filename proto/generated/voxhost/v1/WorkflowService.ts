// Original file: proto/voxhost/v1/workflow_service.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { DeployWorkflowRequest as _voxhost_v1_DeployWorkflowRequest, DeployWorkflowRequest__Output as _voxhost_v1_DeployWorkflowRequest__Output } from '../../voxhost/v1/DeployWorkflowRequest.js';
import type { Empty as _google_protobuf_Empty, Empty__Output as _google_protobuf_Empty__Output } from '../../google/protobuf/Empty.js';
import type { GetWorkflowRequest as _voxhost_v1_GetWorkflowRequest, GetWorkflowRequest__Output as _voxhost_v1_GetWorkflowRequest__Output } from '../../voxhost/v1/GetWorkflowRequest.js';
import type { ListWorkflowsRequest as _voxhost_v1_ListWorkflowsRequest, ListWorkflowsRequest__Output as _voxhost_v1_ListWorkflowsRequest__Output } from '../../voxhost/v1/ListWorkflowsRequest.js';
import type { ListWorkflowsResponse as _voxhost_v1_ListWorkflowsResponse, ListWorkflowsResponse__Output as _voxhost_v1_ListWorkflowsResponse__Output } from '../../voxhost/v1/ListWorkflowsResponse.js';
import type { UndeployWorkflowRequest as _voxhost_v1_UndeployWorkflowRequest, UndeployWorkflowRequest__Output as _voxhost_v1_UndeployWorkflowRequest__Output } from '../../voxhost/v1/UndeployWorkflowRequest.js';
import type { Workflow as _voxhost_v1_Workflow, Workflow__Output as _voxhost_v1_Workflow__Output } from '../../voxhost/v1/Workflow.js';

export interface WorkflowServiceClient extends grpc.Client {
  DeployWorkflow(metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_voxhost_v1_Workflow__Output>): grpc.ClientWritableStream<_voxhost_v1_DeployWorkflowRequest>;
  DeployWorkflow(metadata: grpc.Metadata, callback: grpc.requestCallback<_voxhost_v1_Workflow__Output>): grpc.ClientWritableStream<_voxhost_v1_DeployWorkflowRequest>;
  DeployWorkflow(options: grpc.CallOptions, callback: grpc.requestCallback<_voxhost_v1_Workflow__Output>): grpc.ClientWritableStream<_voxhost_v1_DeployWorkflowRequest>;
  DeployWorkflow(callback: grpc.requestCallback<_voxhost_v1_Workflow__Output>): grpc.ClientWritableStream<_voxhost_v1_DeployWorkflowRequest>;
  deployWorkflow(metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_voxhost_v1_Workflow__Output>): grpc.ClientWritableStream<_voxhost_v1_DeployWorkflowRequest>;
  deployWorkflow(metadata: grpc.Metadata, callback: grpc.requestCallback<_voxhost_v1_Workflow__Output>): grpc.ClientWritableStream<_voxhost_v1_DeployWorkflowRequest>;
  deployWorkflow(options: grpc.CallOptions, callback: grpc.requestCallback<_voxhost_v1_Workflow__Output>): grpc.ClientWritableStream<_voxhost_v1_DeployWorkflowRequest>;
  deployWorkflow(callback: grpc.requestCallback<_voxhost_v1_Workflow__Output>): grpc.ClientWritableStream<_voxhost_v1_DeployWorkflowRequest>;
  
  GetWorkflow(argument: _voxhost_v1_GetWorkflowRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_voxhost_v1_Workflow__Output>): grpc.ClientUnaryCall;
  GetWorkflow(argument: _voxhost_v1_GetWorkflowRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_voxhost_v1_Workflow__Output>): grpc.ClientUnaryCall;
  GetWorkflow(argument: _voxhost_v1_GetWorkflowRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_voxhost_v1_Workflow__Output>): grpc.ClientUnaryCall;
  GetWorkflow(argument: _voxhost_v1_GetWorkflowRequest, callback: grpc.requestCallback<_voxhost_v1_Workflow__Output>): grpc.ClientUnaryCall;
  getWorkflow(argument: _voxhost_v1_GetWorkflowRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_voxhost_v1_Workflow__Output>): grpc.ClientUnaryCall;
  getWorkflow(argument: _voxhost_v1_GetWorkflowRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_voxhost_v1_Workflow__Output>): grpc.ClientUnaryCall;
  getWorkflow(argument: _voxhost_v1_GetWorkflowRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_voxhost_v1_Workflow__Output>): grpc.ClientUnaryCall;
  getWorkflow(argument: _voxhost_v1_GetWorkflowRequest, callback: grpc.requestCallback<_voxhost_v1_Workflow__Output>): grpc.ClientUnaryCall;
  
  ListWorkflows(argument: _voxhost_v1_ListWorkflowsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_voxhost_v1_ListWorkflowsResponse__Output>): grpc.ClientUnaryCall;
  ListWorkflows(argument: _voxhost_v1_ListWorkflowsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_voxhost_v1_ListWorkflowsResponse__Output>): grpc.ClientUnaryCall;
  ListWorkflows(argument: _voxhost_v1_ListWorkflowsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_voxhost_v1_ListWorkflowsResponse__Output>): grpc.ClientUnaryCall;
  ListWorkflows(argument: _voxhost_v1_ListWorkflowsRequest, callback: grpc.requestCallback<_voxhost_v1_ListWorkflowsResponse__Output>): grpc.ClientUnaryCall;
  listWorkflows(argument: _voxhost_v1_ListWorkflowsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_voxhost_v1_ListWorkflowsResponse__Output>): grpc.ClientUnaryCall;
  listWorkflows(argument: _voxhost_v1_ListWorkflowsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_voxhost_v1_ListWorkflowsResponse__Output>): grpc.ClientUnaryCall;
  listWorkflows(argument: _voxhost_v1_ListWorkflowsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_voxhost_v1_ListWorkflowsResponse__Output>): grpc.ClientUnaryCall;
  listWorkflows(argument: _voxhost_v1_ListWorkflowsRequest, callback: grpc.requestCallback<_voxhost_v1_ListWorkflowsResponse__Output>): grpc.ClientUnaryCall;
  
  UndeployWorkflow(argument: _voxhost_v1_UndeployWorkflowRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  UndeployWorkflow(argument: _voxhost_v1_UndeployWorkflowRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  UndeployWorkflow(argument: _voxhost_v1_UndeployWorkflowRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  UndeployWorkflow(argument: _voxhost_v1_UndeployWorkflowRequest, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  undeployWorkflow(argument: _voxhost_v1_UndeployWorkflowRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  undeployWorkflow(argument: _voxhost_v1_UndeployWorkflowRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  undeployWorkflow(argument: _voxhost_v1_UndeployWorkflowRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  undeployWorkflow(argument: _voxhost_v1_UndeployWorkflowRequest, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  
}

export interface WorkflowServiceHandlers extends grpc.UntypedServiceImplementation {
  DeployWorkflow: grpc.handleClientStreamingCall<_voxhost_v1_DeployWorkflowRequest__Output, _voxhost_v1_Workflow>;
  
  GetWorkflow: grpc.handleUnaryCall<_voxhost_v1_GetWorkflowRequest__Output, _voxhost_v1_Workflow>;
  
  ListWorkflows: grpc.handleUnaryCall<_voxhost_v1_ListWorkflowsRequest__Output, _voxhost_v1_ListWorkflowsResponse>;
  
  UndeployWorkflow: grpc.handleUnaryCall<_voxhost_v1_UndeployWorkflowRequest__Output, _google_protobuf_Empty>;
  
}

export interface WorkflowServiceDefinition extends grpc.ServiceDefinition {
  DeployWorkflow: MethodDefinition<_voxhost_v1_DeployWorkflowRequest, _voxhost_v1_Workflow, _voxhost_v1_DeployWorkflowRequest__Output, _voxhost_v1_Workflow__Output>
  GetWorkflow: MethodDefinition<_voxhost_v1_GetWorkflowRequest, _voxhost_v1_Workflow, _voxhost_v1_GetWorkflowRequest__Output, _voxhost_v1_Workflow__Output>
  ListWorkflows: MethodDefinition<_voxhost_v1_ListWorkflowsRequest, _voxhost_v1_ListWorkflowsResponse, _voxhost_v1_ListWorkflowsRequest__Output, _voxhost_v1_ListWorkflowsResponse__Output>
  UndeployWorkflow: MethodDefinition<_voxhost_v1_UndeployWorkflowRequest, _google_protobuf_Empty, _voxhost_v1_UndeployWorkflowRequest__Output, _google_protobuf_Empty__Output>
}
