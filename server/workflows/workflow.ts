// A workflow as the other rooms see it: what it takes, what it gives, and whether it is ready.

/** One input: see `Input` in workflow_service.proto. */
export interface WorkflowInput {
  readonly name: string;
  readonly kind: 'image';
  readonly modality: string;
  readonly channels: number;
  readonly channelNames: readonly string[];
  readonly required: boolean;
  readonly spatialAxes: number;
}

/** A coded term of DICOM. */
export interface Code {
  readonly scheme: string;
  readonly value: string;
  readonly meaning: string;
}

/** One segment of a label map: see `Segment` in workflow_service.proto. Colour parts are 0 to 255. */
export interface Segment {
  readonly value: number;
  readonly name: string;
  readonly color: { readonly red: number; readonly green: number; readonly blue: number };
  readonly terminology?: {
    readonly category?: Code;
    readonly type?: Code;
    readonly typeModifier?: Code;
    readonly region?: Code;
    readonly regionModifier?: Code;
  };
}

/** One output: see `Output` in workflow_service.proto. */
export interface WorkflowOutput {
  readonly name: string;
  readonly kind: 'label-map' | 'image';
  readonly segments: readonly Segment[];
}

/** The value of a parameter. */
export type ParameterValue = number | boolean | string;

/** One parameter: see `Parameter` in workflow_service.proto. */
export interface WorkflowParameter {
  readonly name: string;
  readonly type: 'number' | 'integer' | 'boolean' | 'string';
  readonly defaultValue: ParameterValue;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly choices: readonly ParameterValue[];
  readonly description: string;
}

/** What a bundle says of itself: the part of a workflow that does not change while it is deployed. Plain data. */
export interface WorkflowDescription {
  readonly version: string;
  readonly title: string;
  readonly description: string;
  readonly authors: string;
  readonly copyright: string;
  readonly license: string;
  readonly task: string;
  readonly modality: string;
  readonly intendedUse: string;
  readonly references: readonly string[];
  readonly inputs: readonly WorkflowInput[];
  readonly outputs: readonly WorkflowOutput[];
  readonly parameters: readonly WorkflowParameter[];
  /** What its network came as: `onnx`, or `torchscript`, which is converted. */
  readonly modelFormat?: string;
}

export type WorkflowState = 'loading' | 'ready' | 'failed';

/** A deployed workflow at one moment. */
export interface Workflow {
  /** The name of its folder. */
  readonly name: string;
  readonly state: WorkflowState;
  /** Absent until the bundle has been read, or when it cannot be. */
  readonly description?: WorkflowDescription;
  /** Why it failed; names the file and the key. Empty unless `state` is failed. */
  readonly failure: string;
  /** Why a newer version was refused while this one stays. */
  readonly reloadFailure: string;
  /** Empty while loading. */
  readonly device: string;
  readonly typicalDurationMs?: number;
  /** Whether its model is in memory now. */
  readonly resident: boolean;
  readonly deployTimeMs: number;
}
