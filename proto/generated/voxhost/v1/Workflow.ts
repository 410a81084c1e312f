// Original file: proto/voxhost/v1/workflow_service.proto

import type { Input as _voxhost_v1_Input, Input__Output as _voxhost_v1_Input__Output } from '../../voxhost/v1/Input.js';
import type { Output as _voxhost_v1_Output, Output__Output as _voxhost_v1_Output__Output } from '../../voxhost/v1/Output.js';
import type { Parameter as _voxhost_v1_Parameter, Parameter__Output as _voxhost_v1_Parameter__Output } from '../../voxhost/v1/Parameter.js';
import type { WorkflowState as _voxhost_v1_WorkflowState, WorkflowState__Output as _voxhost_v1_WorkflowState__Output } from '../../voxhost/v1/WorkflowState.js';
import type { Duration as _google_protobuf_Duration, Duration__Output as _google_protobuf_Duration__Output } from '../../google/protobuf/Duration.js';
import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../google/protobuf/Timestamp.js';

export interface Workflow {
  'name'?: (string);
  'version'?: (string);
  'title'?: (string);
  'description'?: (string);
  'authors'?: (string);
  'copyright'?: (string);
  'license'?: (string);
  'task'?: (string);
  'modality'?: (string);
  'intendedUse'?: (string);
  'references'?: (string)[];
  'inputs'?: (_voxhost_v1_Input)[];
  'outputs'?: (_voxhost_v1_Output)[];
  'parameters'?: (_voxhost_v1_Parameter)[];
  'state'?: (_voxhost_v1_WorkflowState);
  'failure'?: (string);
  'reloadFailure'?: (string);
  'device'?: (string);
  'typicalDuration'?: (_google_protobuf_Duration | null);
  'resident'?: (boolean);
  'deployTime'?: (_google_protobuf_Timestamp | null);
  'modelFormat'?: (string);
}

export interface Workflow__Output {
  'name': (string);
  'version': (string);
  'title': (string);
  'description': (string);
  'authors': (string);
  'copyright': (string);
  'license': (string);
  'task': (string);
  'modality': (string);
  'intendedUse': (string);
  'references': (string)[];
  'inputs': (_voxhost_v1_Input__Output)[];
  'outputs': (_voxhost_v1_Output__Output)[];
  'parameters': (_voxhost_v1_Parameter__Output)[];
  'state': (_voxhost_v1_WorkflowState__Output);
  'failure': (string);
  'reloadFailure': (string);
  'device': (string);
  'typicalDuration': (_google_protobuf_Duration__Output | null);
  'resident': (boolean);
  'deployTime': (_google_protobuf_Timestamp__Output | null);
  'modelFormat': (string);
}
