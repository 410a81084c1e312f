import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from './google/protobuf/Duration.js';
import type { Empty as _google_protobuf_Empty, Empty__Output as _google_protobuf_Empty__Output } from './google/protobuf/Empty.js';
import type { ListValue as _google_protobuf_ListValue, ListValue__Output as _google_protobuf_ListValue__Output } from './google/protobuf/ListValue.js';
import type { Struct as _google_protobuf_Struct, Struct__Output as _google_protobuf_Struct__Output } from './google/protobuf/Struct.js';
import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from './google/protobuf/Timestamp.js';
import type { Value as _google_protobuf_Value, Value__Output as _google_protobuf_Value__Output } from './google/protobuf/Value.js';
import type { CancelRunRequest as _voxhost_v1_CancelRunRequest, CancelRunRequest__Output as _voxhost_v1_CancelRunRequest__Output } from './voxhost/v1/CancelRunRequest.js';
import type { Cancelled as _voxhost_v1_Cancelled, Cancelled__Output as _voxhost_v1_Cancelled__Output } from './voxhost/v1/Cancelled.js';
import type { Code as _voxhost_v1_Code, Code__Output as _voxhost_v1_Code__Output } from './voxhost/v1/Code.js';
import type { Color as _voxhost_v1_Color, Color__Output as _voxhost_v1_Color__Output } from './voxhost/v1/Color.js';
import type { CreateRunRequest as _voxhost_v1_CreateRunRequest, CreateRunRequest__Output as _voxhost_v1_CreateRunRequest__Output } from './voxhost/v1/CreateRunRequest.js';
import type { DeleteRunRequest as _voxhost_v1_DeleteRunRequest, DeleteRunRequest__Output as _voxhost_v1_DeleteRunRequest__Output } from './voxhost/v1/DeleteRunRequest.js';
import type { DeleteVolumeRequest as _voxhost_v1_DeleteVolumeRequest, DeleteVolumeRequest__Output as _voxhost_v1_DeleteVolumeRequest__Output } from './voxhost/v1/DeleteVolumeRequest.js';
import type { DeployFinish as _voxhost_v1_DeployFinish, DeployFinish__Output as _voxhost_v1_DeployFinish__Output } from './voxhost/v1/DeployFinish.js';
import type { DeployStart as _voxhost_v1_DeployStart, DeployStart__Output as _voxhost_v1_DeployStart__Output } from './voxhost/v1/DeployStart.js';
import type { DeployWorkflowRequest as _voxhost_v1_DeployWorkflowRequest, DeployWorkflowRequest__Output as _voxhost_v1_DeployWorkflowRequest__Output } from './voxhost/v1/DeployWorkflowRequest.js';
import type { Failed as _voxhost_v1_Failed, Failed__Output as _voxhost_v1_Failed__Output } from './voxhost/v1/Failed.js';
import type { FindMissingVolumesRequest as _voxhost_v1_FindMissingVolumesRequest, FindMissingVolumesRequest__Output as _voxhost_v1_FindMissingVolumesRequest__Output } from './voxhost/v1/FindMissingVolumesRequest.js';
import type { FindMissingVolumesResponse as _voxhost_v1_FindMissingVolumesResponse, FindMissingVolumesResponse__Output as _voxhost_v1_FindMissingVolumesResponse__Output } from './voxhost/v1/FindMissingVolumesResponse.js';
import type { GetRunRequest as _voxhost_v1_GetRunRequest, GetRunRequest__Output as _voxhost_v1_GetRunRequest__Output } from './voxhost/v1/GetRunRequest.js';
import type { GetVolumeRequest as _voxhost_v1_GetVolumeRequest, GetVolumeRequest__Output as _voxhost_v1_GetVolumeRequest__Output } from './voxhost/v1/GetVolumeRequest.js';
import type { GetWorkflowRequest as _voxhost_v1_GetWorkflowRequest, GetWorkflowRequest__Output as _voxhost_v1_GetWorkflowRequest__Output } from './voxhost/v1/GetWorkflowRequest.js';
import type { Input as _voxhost_v1_Input, Input__Output as _voxhost_v1_Input__Output } from './voxhost/v1/Input.js';
import type { ListRunsRequest as _voxhost_v1_ListRunsRequest, ListRunsRequest__Output as _voxhost_v1_ListRunsRequest__Output } from './voxhost/v1/ListRunsRequest.js';
import type { ListRunsResponse as _voxhost_v1_ListRunsResponse, ListRunsResponse__Output as _voxhost_v1_ListRunsResponse__Output } from './voxhost/v1/ListRunsResponse.js';
import type { ListWorkflowsRequest as _voxhost_v1_ListWorkflowsRequest, ListWorkflowsRequest__Output as _voxhost_v1_ListWorkflowsRequest__Output } from './voxhost/v1/ListWorkflowsRequest.js';
import type { ListWorkflowsResponse as _voxhost_v1_ListWorkflowsResponse, ListWorkflowsResponse__Output as _voxhost_v1_ListWorkflowsResponse__Output } from './voxhost/v1/ListWorkflowsResponse.js';
import type { Output as _voxhost_v1_Output, Output__Output as _voxhost_v1_Output__Output } from './voxhost/v1/Output.js';
import type { OutputReady as _voxhost_v1_OutputReady, OutputReady__Output as _voxhost_v1_OutputReady__Output } from './voxhost/v1/OutputReady.js';
import type { Parameter as _voxhost_v1_Parameter, Parameter__Output as _voxhost_v1_Parameter__Output } from './voxhost/v1/Parameter.js';
import type { PredictRead as _voxhost_v1_PredictRead, PredictRead__Output as _voxhost_v1_PredictRead__Output } from './voxhost/v1/PredictRead.js';
import type { PredictRequest as _voxhost_v1_PredictRequest, PredictRequest__Output as _voxhost_v1_PredictRequest__Output } from './voxhost/v1/PredictRequest.js';
import type { PredictResponse as _voxhost_v1_PredictResponse, PredictResponse__Output as _voxhost_v1_PredictResponse__Output } from './voxhost/v1/PredictResponse.js';
import type { PredictStart as _voxhost_v1_PredictStart, PredictStart__Output as _voxhost_v1_PredictStart__Output } from './voxhost/v1/PredictStart.js';
import type { PredictWrite as _voxhost_v1_PredictWrite, PredictWrite__Output as _voxhost_v1_PredictWrite__Output } from './voxhost/v1/PredictWrite.js';
import type { Progress as _voxhost_v1_Progress, Progress__Output as _voxhost_v1_Progress__Output } from './voxhost/v1/Progress.js';
import type { QueryWriteRequest as _voxhost_v1_QueryWriteRequest, QueryWriteRequest__Output as _voxhost_v1_QueryWriteRequest__Output } from './voxhost/v1/QueryWriteRequest.js';
import type { QueryWriteResponse as _voxhost_v1_QueryWriteResponse, QueryWriteResponse__Output as _voxhost_v1_QueryWriteResponse__Output } from './voxhost/v1/QueryWriteResponse.js';
import type { Queued as _voxhost_v1_Queued, Queued__Output as _voxhost_v1_Queued__Output } from './voxhost/v1/Queued.js';
import type { ReadVolumeRequest as _voxhost_v1_ReadVolumeRequest, ReadVolumeRequest__Output as _voxhost_v1_ReadVolumeRequest__Output } from './voxhost/v1/ReadVolumeRequest.js';
import type { ReadVolumeResponse as _voxhost_v1_ReadVolumeResponse, ReadVolumeResponse__Output as _voxhost_v1_ReadVolumeResponse__Output } from './voxhost/v1/ReadVolumeResponse.js';
import type { Run as _voxhost_v1_Run, Run__Output as _voxhost_v1_Run__Output } from './voxhost/v1/Run.js';
import type { RunError as _voxhost_v1_RunError, RunError__Output as _voxhost_v1_RunError__Output } from './voxhost/v1/RunError.js';
import type { RunEvent as _voxhost_v1_RunEvent, RunEvent__Output as _voxhost_v1_RunEvent__Output } from './voxhost/v1/RunEvent.js';
import type { RunOutput as _voxhost_v1_RunOutput, RunOutput__Output as _voxhost_v1_RunOutput__Output } from './voxhost/v1/RunOutput.js';
import type { RunServiceClient as _voxhost_v1_RunServiceClient, RunServiceDefinition as _voxhost_v1_RunServiceDefinition } from './voxhost/v1/RunService.js';
import type { Segment as _voxhost_v1_Segment, Segment__Output as _voxhost_v1_Segment__Output } from './voxhost/v1/Segment.js';
import type { SegmentMeasure as _voxhost_v1_SegmentMeasure, SegmentMeasure__Output as _voxhost_v1_SegmentMeasure__Output } from './voxhost/v1/SegmentMeasure.js';
import type { StageTiming as _voxhost_v1_StageTiming, StageTiming__Output as _voxhost_v1_StageTiming__Output } from './voxhost/v1/StageTiming.js';
import type { Started as _voxhost_v1_Started, Started__Output as _voxhost_v1_Started__Output } from './voxhost/v1/Started.js';
import type { Succeeded as _voxhost_v1_Succeeded, Succeeded__Output as _voxhost_v1_Succeeded__Output } from './voxhost/v1/Succeeded.js';
import type { Terminology as _voxhost_v1_Terminology, Terminology__Output as _voxhost_v1_Terminology__Output } from './voxhost/v1/Terminology.js';
import type { UndeployWorkflowRequest as _voxhost_v1_UndeployWorkflowRequest, UndeployWorkflowRequest__Output as _voxhost_v1_UndeployWorkflowRequest__Output } from './voxhost/v1/UndeployWorkflowRequest.js';
import type { Volume as _voxhost_v1_Volume, Volume__Output as _voxhost_v1_Volume__Output } from './voxhost/v1/Volume.js';
import type { VolumeChunk as _voxhost_v1_VolumeChunk, VolumeChunk__Output as _voxhost_v1_VolumeChunk__Output } from './voxhost/v1/VolumeChunk.js';
import type { VolumeHeader as _voxhost_v1_VolumeHeader, VolumeHeader__Output as _voxhost_v1_VolumeHeader__Output } from './voxhost/v1/VolumeHeader.js';
import type { VolumeKey as _voxhost_v1_VolumeKey, VolumeKey__Output as _voxhost_v1_VolumeKey__Output } from './voxhost/v1/VolumeKey.js';
import type { VolumeServiceClient as _voxhost_v1_VolumeServiceClient, VolumeServiceDefinition as _voxhost_v1_VolumeServiceDefinition } from './voxhost/v1/VolumeService.js';
import type { WatchRunRequest as _voxhost_v1_WatchRunRequest, WatchRunRequest__Output as _voxhost_v1_WatchRunRequest__Output } from './voxhost/v1/WatchRunRequest.js';
import type { Workflow as _voxhost_v1_Workflow, Workflow__Output as _voxhost_v1_Workflow__Output } from './voxhost/v1/Workflow.js';
import type { WorkflowServiceClient as _voxhost_v1_WorkflowServiceClient, WorkflowServiceDefinition as _voxhost_v1_WorkflowServiceDefinition } from './voxhost/v1/WorkflowService.js';
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
      CancelRunRequest: MessageTypeDefinition<_voxhost_v1_CancelRunRequest, _voxhost_v1_CancelRunRequest__Output>
      Cancelled: MessageTypeDefinition<_voxhost_v1_Cancelled, _voxhost_v1_Cancelled__Output>
      ChunkEncoding: EnumTypeDefinition
      Code: MessageTypeDefinition<_voxhost_v1_Code, _voxhost_v1_Code__Output>
      Color: MessageTypeDefinition<_voxhost_v1_Color, _voxhost_v1_Color__Output>
      ComponentType: EnumTypeDefinition
      CreateRunRequest: MessageTypeDefinition<_voxhost_v1_CreateRunRequest, _voxhost_v1_CreateRunRequest__Output>
      DeleteRunRequest: MessageTypeDefinition<_voxhost_v1_DeleteRunRequest, _voxhost_v1_DeleteRunRequest__Output>
      DeleteVolumeRequest: MessageTypeDefinition<_voxhost_v1_DeleteVolumeRequest, _voxhost_v1_DeleteVolumeRequest__Output>
      DeployFinish: MessageTypeDefinition<_voxhost_v1_DeployFinish, _voxhost_v1_DeployFinish__Output>
      DeployStart: MessageTypeDefinition<_voxhost_v1_DeployStart, _voxhost_v1_DeployStart__Output>
      DeployWorkflowRequest: MessageTypeDefinition<_voxhost_v1_DeployWorkflowRequest, _voxhost_v1_DeployWorkflowRequest__Output>
      Failed: MessageTypeDefinition<_voxhost_v1_Failed, _voxhost_v1_Failed__Output>
      FindMissingVolumesRequest: MessageTypeDefinition<_voxhost_v1_FindMissingVolumesRequest, _voxhost_v1_FindMissingVolumesRequest__Output>
      FindMissingVolumesResponse: MessageTypeDefinition<_voxhost_v1_FindMissingVolumesResponse, _voxhost_v1_FindMissingVolumesResponse__Output>
      GetRunRequest: MessageTypeDefinition<_voxhost_v1_GetRunRequest, _voxhost_v1_GetRunRequest__Output>
      GetVolumeRequest: MessageTypeDefinition<_voxhost_v1_GetVolumeRequest, _voxhost_v1_GetVolumeRequest__Output>
      GetWorkflowRequest: MessageTypeDefinition<_voxhost_v1_GetWorkflowRequest, _voxhost_v1_GetWorkflowRequest__Output>
      Input: MessageTypeDefinition<_voxhost_v1_Input, _voxhost_v1_Input__Output>
      InputKind: EnumTypeDefinition
      ListRunsRequest: MessageTypeDefinition<_voxhost_v1_ListRunsRequest, _voxhost_v1_ListRunsRequest__Output>
      ListRunsResponse: MessageTypeDefinition<_voxhost_v1_ListRunsResponse, _voxhost_v1_ListRunsResponse__Output>
      ListWorkflowsRequest: MessageTypeDefinition<_voxhost_v1_ListWorkflowsRequest, _voxhost_v1_ListWorkflowsRequest__Output>
      ListWorkflowsResponse: MessageTypeDefinition<_voxhost_v1_ListWorkflowsResponse, _voxhost_v1_ListWorkflowsResponse__Output>
      Output: MessageTypeDefinition<_voxhost_v1_Output, _voxhost_v1_Output__Output>
      OutputKind: EnumTypeDefinition
      OutputReady: MessageTypeDefinition<_voxhost_v1_OutputReady, _voxhost_v1_OutputReady__Output>
      Parameter: MessageTypeDefinition<_voxhost_v1_Parameter, _voxhost_v1_Parameter__Output>
      ParameterType: EnumTypeDefinition
      PredictRead: MessageTypeDefinition<_voxhost_v1_PredictRead, _voxhost_v1_PredictRead__Output>
      PredictRequest: MessageTypeDefinition<_voxhost_v1_PredictRequest, _voxhost_v1_PredictRequest__Output>
      PredictResponse: MessageTypeDefinition<_voxhost_v1_PredictResponse, _voxhost_v1_PredictResponse__Output>
      PredictStart: MessageTypeDefinition<_voxhost_v1_PredictStart, _voxhost_v1_PredictStart__Output>
      PredictWrite: MessageTypeDefinition<_voxhost_v1_PredictWrite, _voxhost_v1_PredictWrite__Output>
      Progress: MessageTypeDefinition<_voxhost_v1_Progress, _voxhost_v1_Progress__Output>
      QueryWriteRequest: MessageTypeDefinition<_voxhost_v1_QueryWriteRequest, _voxhost_v1_QueryWriteRequest__Output>
      QueryWriteResponse: MessageTypeDefinition<_voxhost_v1_QueryWriteResponse, _voxhost_v1_QueryWriteResponse__Output>
      Queued: MessageTypeDefinition<_voxhost_v1_Queued, _voxhost_v1_Queued__Output>
      ReadVolumeRequest: MessageTypeDefinition<_voxhost_v1_ReadVolumeRequest, _voxhost_v1_ReadVolumeRequest__Output>
      ReadVolumeResponse: MessageTypeDefinition<_voxhost_v1_ReadVolumeResponse, _voxhost_v1_ReadVolumeResponse__Output>
      Run: MessageTypeDefinition<_voxhost_v1_Run, _voxhost_v1_Run__Output>
      RunError: MessageTypeDefinition<_voxhost_v1_RunError, _voxhost_v1_RunError__Output>
      RunEvent: MessageTypeDefinition<_voxhost_v1_RunEvent, _voxhost_v1_RunEvent__Output>
      RunOutput: MessageTypeDefinition<_voxhost_v1_RunOutput, _voxhost_v1_RunOutput__Output>
      RunService: SubtypeConstructor<typeof grpc.Client, _voxhost_v1_RunServiceClient> & { service: _voxhost_v1_RunServiceDefinition }
      RunState: EnumTypeDefinition
      Segment: MessageTypeDefinition<_voxhost_v1_Segment, _voxhost_v1_Segment__Output>
      SegmentMeasure: MessageTypeDefinition<_voxhost_v1_SegmentMeasure, _voxhost_v1_SegmentMeasure__Output>
      StageTiming: MessageTypeDefinition<_voxhost_v1_StageTiming, _voxhost_v1_StageTiming__Output>
      Started: MessageTypeDefinition<_voxhost_v1_Started, _voxhost_v1_Started__Output>
      Succeeded: MessageTypeDefinition<_voxhost_v1_Succeeded, _voxhost_v1_Succeeded__Output>
      Terminology: MessageTypeDefinition<_voxhost_v1_Terminology, _voxhost_v1_Terminology__Output>
      UndeployWorkflowRequest: MessageTypeDefinition<_voxhost_v1_UndeployWorkflowRequest, _voxhost_v1_UndeployWorkflowRequest__Output>
      Volume: MessageTypeDefinition<_voxhost_v1_Volume, _voxhost_v1_Volume__Output>
      VolumeChunk: MessageTypeDefinition<_voxhost_v1_VolumeChunk, _voxhost_v1_VolumeChunk__Output>
      VolumeHeader: MessageTypeDefinition<_voxhost_v1_VolumeHeader, _voxhost_v1_VolumeHeader__Output>
      VolumeKey: MessageTypeDefinition<_voxhost_v1_VolumeKey, _voxhost_v1_VolumeKey__Output>
      VolumeService: SubtypeConstructor<typeof grpc.Client, _voxhost_v1_VolumeServiceClient> & { service: _voxhost_v1_VolumeServiceDefinition }
      WatchRunRequest: MessageTypeDefinition<_voxhost_v1_WatchRunRequest, _voxhost_v1_WatchRunRequest__Output>
      Workflow: MessageTypeDefinition<_voxhost_v1_Workflow, _voxhost_v1_Workflow__Output>
      WorkflowService: SubtypeConstructor<typeof grpc.Client, _voxhost_v1_WorkflowServiceClient> & { service: _voxhost_v1_WorkflowServiceDefinition }
      WorkflowState: EnumTypeDefinition
      WriteFinish: MessageTypeDefinition<_voxhost_v1_WriteFinish, _voxhost_v1_WriteFinish__Output>
      WriteHeader: MessageTypeDefinition<_voxhost_v1_WriteHeader, _voxhost_v1_WriteHeader__Output>
      WriteVolumeRequest: MessageTypeDefinition<_voxhost_v1_WriteVolumeRequest, _voxhost_v1_WriteVolumeRequest__Output>
      WriteVolumeResponse: MessageTypeDefinition<_voxhost_v1_WriteVolumeResponse, _voxhost_v1_WriteVolumeResponse__Output>
    }
  }
}

