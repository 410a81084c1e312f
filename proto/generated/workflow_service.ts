import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from './google/protobuf/Duration.js';
import type { Empty as _google_protobuf_Empty, Empty__Output as _google_protobuf_Empty__Output } from './google/protobuf/Empty.js';
import type { ListValue as _google_protobuf_ListValue, ListValue__Output as _google_protobuf_ListValue__Output } from './google/protobuf/ListValue.js';
import type { Struct as _google_protobuf_Struct, Struct__Output as _google_protobuf_Struct__Output } from './google/protobuf/Struct.js';
import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from './google/protobuf/Timestamp.js';
import type { Value as _google_protobuf_Value, Value__Output as _google_protobuf_Value__Output } from './google/protobuf/Value.js';
import type { Code as _voxhost_v1_Code, Code__Output as _voxhost_v1_Code__Output } from './voxhost/v1/Code.js';
import type { Color as _voxhost_v1_Color, Color__Output as _voxhost_v1_Color__Output } from './voxhost/v1/Color.js';
import type { DeployFinish as _voxhost_v1_DeployFinish, DeployFinish__Output as _voxhost_v1_DeployFinish__Output } from './voxhost/v1/DeployFinish.js';
import type { DeployStart as _voxhost_v1_DeployStart, DeployStart__Output as _voxhost_v1_DeployStart__Output } from './voxhost/v1/DeployStart.js';
import type { DeployWorkflowRequest as _voxhost_v1_DeployWorkflowRequest, DeployWorkflowRequest__Output as _voxhost_v1_DeployWorkflowRequest__Output } from './voxhost/v1/DeployWorkflowRequest.js';
import type { GetWorkflowRequest as _voxhost_v1_GetWorkflowRequest, GetWorkflowRequest__Output as _voxhost_v1_GetWorkflowRequest__Output } from './voxhost/v1/GetWorkflowRequest.js';
import type { Input as _voxhost_v1_Input, Input__Output as _voxhost_v1_Input__Output } from './voxhost/v1/Input.js';
import type { ListWorkflowsRequest as _voxhost_v1_ListWorkflowsRequest, ListWorkflowsRequest__Output as _voxhost_v1_ListWorkflowsRequest__Output } from './voxhost/v1/ListWorkflowsRequest.js';
import type { ListWorkflowsResponse as _voxhost_v1_ListWorkflowsResponse, ListWorkflowsResponse__Output as _voxhost_v1_ListWorkflowsResponse__Output } from './voxhost/v1/ListWorkflowsResponse.js';
import type { Output as _voxhost_v1_Output, Output__Output as _voxhost_v1_Output__Output } from './voxhost/v1/Output.js';
import type { Parameter as _voxhost_v1_Parameter, Parameter__Output as _voxhost_v1_Parameter__Output } from './voxhost/v1/Parameter.js';
import type { Segment as _voxhost_v1_Segment, Segment__Output as _voxhost_v1_Segment__Output } from './voxhost/v1/Segment.js';
import type { Terminology as _voxhost_v1_Terminology, Terminology__Output as _voxhost_v1_Terminology__Output } from './voxhost/v1/Terminology.js';
import type { UndeployWorkflowRequest as _voxhost_v1_UndeployWorkflowRequest, UndeployWorkflowRequest__Output as _voxhost_v1_UndeployWorkflowRequest__Output } from './voxhost/v1/UndeployWorkflowRequest.js';
import type { Workflow as _voxhost_v1_Workflow, Workflow__Output as _voxhost_v1_Workflow__Output } from './voxhost/v1/Workflow.js';
import type { WorkflowServiceClient as _voxhost_v1_WorkflowServiceClient, WorkflowServiceDefinition as _voxhost_v1_WorkflowServiceDefinition } from './voxhost/v1/WorkflowService.js';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  google: {
    protobuf: {
      Duration: MessageTypeDefinition<_google_protobuf_Duration, _google_protobuf_Duration__Output>
      Empty: MessageTypeDefinition<_google_protobuf_Empty, _google_protobuf_Empty__Output>
      ListValue: MessageTypeDefinition<_google_protobuf_ListValue, _google_protobuf_ListValue__Output>
      NullValue: EnumTypeDefinition
      Struct: MessageTypeDefinition<_google_protobuf_Struct, _google_protobuf_Struct__Output>
      Timestamp: MessageTypeDefinition<_google_protobuf_Timestamp, _google_protobuf_Timestamp__Output>
      Value: MessageTypeDefinition<_google_protobuf_Value, _google_protobuf_Value__Output>
    }
  }
  voxhost: {
    v1: {
      Code: MessageTypeDefinition<_voxhost_v1_Code, _voxhost_v1_Code__Output>
      Color: MessageTypeDefinition<_voxhost_v1_Color, _voxhost_v1_Color__Output>
      DeployFinish: MessageTypeDefinition<_voxhost_v1_DeployFinish, _voxhost_v1_DeployFinish__Output>
      DeployStart: MessageTypeDefinition<_voxhost_v1_DeployStart, _voxhost_v1_DeployStart__Output>
      DeployWorkflowRequest: MessageTypeDefinition<_voxhost_v1_DeployWorkflowRequest, _voxhost_v1_DeployWorkflowRequest__Output>
      GetWorkflowRequest: MessageTypeDefinition<_voxhost_v1_GetWorkflowRequest, _voxhost_v1_GetWorkflowRequest__Output>
      Input: MessageTypeDefinition<_voxhost_v1_Input, _voxhost_v1_Input__Output>
      InputKind: EnumTypeDefinition
      ListWorkflowsRequest: MessageTypeDefinition<_voxhost_v1_ListWorkflowsRequest, _voxhost_v1_ListWorkflowsRequest__Output>
      ListWorkflowsResponse: MessageTypeDefinition<_voxhost_v1_ListWorkflowsResponse, _voxhost_v1_ListWorkflowsResponse__Output>
      Output: MessageTypeDefinition<_voxhost_v1_Output, _voxhost_v1_Output__Output>
      OutputKind: EnumTypeDefinition
      Parameter: MessageTypeDefinition<_voxhost_v1_Parameter, _voxhost_v1_Parameter__Output>
      ParameterType: EnumTypeDefinition
      Segment: MessageTypeDefinition<_voxhost_v1_Segment, _voxhost_v1_Segment__Output>
      Terminology: MessageTypeDefinition<_voxhost_v1_Terminology, _voxhost_v1_Terminology__Output>
      UndeployWorkflowRequest: MessageTypeDefinition<_voxhost_v1_UndeployWorkflowRequest, _voxhost_v1_UndeployWorkflowRequest__Output>
      Workflow: MessageTypeDefinition<_voxhost_v1_Workflow, _voxhost_v1_Workflow__Output>
      WorkflowService: SubtypeConstructor<typeof grpc.Client, _voxhost_v1_WorkflowServiceClient> & { service: _voxhost_v1_WorkflowServiceDefinition }
      WorkflowState: EnumTypeDefinition
    }
  }
}

