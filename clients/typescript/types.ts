// The nouns of the client: Host, Workflow, Volume, Run, Segment. Plain data, times in milliseconds, lengths in millimetres.
import type { ErrorCode, PlainError } from '../../server/errors.js';
import type { VolumeHeader } from '../../server/imaging/volume-header.js';
import type {
  ParameterValue,
  Segment,
  WorkflowDescription,
  WorkflowOutput,
  WorkflowState,
} from '../../server/workflows/workflow.js';

export type { ErrorCode, ParameterValue, PlainError, Segment, VolumeHeader, WorkflowState };

/** What a host says of itself: see `HostInfo` in host_service.proto. */
export interface HostInfo {
  readonly version: string;
  readonly protocolVersionMin: number;
  readonly protocolVersionMax: number;
  /** 0 means no limit of its own. */
  readonly limits: {
    readonly maxChunkBytes: number;
    readonly maxVolumeBytes: number;
    readonly storeQuotaBytes: number;
    readonly storeUsedBytes: number;
    readonly maxQueuedRuns: number;
    readonly modelMemoryBudgetBytes: number;
    readonly maxBundleBytes: number;
  };
  readonly devices: readonly Device[];
  readonly chunkEncodings: readonly string[];
  readonly uptimeSeconds: number;
}

/** One execution provider of a host. */
export interface Device {
  readonly name: string;
  readonly available: boolean;
  /** Why it is not available; empty when it is. */
  readonly reason: string;
  readonly busy: number;
}

/** A deployed workflow: see `Workflow` in workflow_service.proto. */
export interface Workflow extends WorkflowDescription {
  readonly name: string;
  readonly state: WorkflowState;
  readonly failure: string;
  readonly reloadFailure: string;
  /** Empty while loading. */
  readonly device: string;
  readonly typicalDurationMs?: number;
  readonly resident: boolean;
  readonly deployTimeMs?: number;
  /** What its network came as: `onnx` or `torchscript`; empty until its bundle has been read. */
  readonly modelFormat: string;
}

/** A volume that a host has. */
export interface Volume {
  readonly name: string;
  readonly header: VolumeHeader;
  readonly sizeBytes: number;
  /** SHA-256 of the voxels, lower-case hexadecimal. */
  readonly sha256: string;
  readonly createTimeMs?: number;
}

/** An image in this process's memory. */
export interface Image {
  readonly header: VolumeHeader;
  /** Little-endian, i fastest, components side by side. */
  readonly voxels: Uint8Array;
}

/** What a run takes as an input: an image to send, or a volume that the host has. */
export type RunInput = Image | Volume;

export type RunState = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';

/** A segment as found in a result. */
export interface SegmentMeasure {
  readonly segment: Segment;
  readonly voxelCount: number;
  readonly volumeMl: number;
}

/** A result of a run; `host.download(output.volume)` brings its voxels. */
export interface RunOutput {
  readonly name: string;
  readonly volume: Volume;
  readonly kind: WorkflowOutput['kind'];
  readonly segments: readonly SegmentMeasure[];
}

/** A run of a workflow at one moment. */
export interface Run {
  readonly name: string;
  readonly workflow: string;
  /** Volume names by input name. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  readonly state: RunState;
  readonly outputs: readonly RunOutput[];
  /** Why it failed; only when it has. */
  readonly error?: PlainError;
  readonly createTimeMs?: number;
  readonly startTimeMs?: number;
  readonly endTimeMs?: number;
  readonly timings: readonly { readonly stage: string; readonly durationMs: number }[];
  readonly requestId: string;
}

/** Something that happened to a run. `sequence` grows; numbers may be missing. */
export type RunEvent = { readonly sequence: number; readonly run: string; readonly timeMs?: number } & (
  | {
      readonly kind: 'queued';
      readonly position: number;
      readonly estimatedWaitMs?: number;
      readonly workflowLoading: boolean;
    }
  | { readonly kind: 'started'; readonly device: string }
  | {
      readonly kind: 'progress';
      readonly stage: string;
      readonly step: number;
      readonly stepCount: number;
      /** Of the whole run, 0 to 1. */
      readonly fraction: number;
      readonly timeLeftMs?: number;
    }
  | { readonly kind: 'output-ready'; readonly output: RunOutput }
  | { readonly kind: 'succeeded'; readonly result: Run }
  | { readonly kind: 'failed'; readonly error: PlainError }
  | { readonly kind: 'cancelled'; readonly reason: string }
);

/** What every call takes. */
export interface CallOptions {
  /** Stops the call, and what it started on the host. */
  readonly signal?: AbortSignal | undefined;
}

/** How far an upload or a download is. */
export type TransferProgress = (progress: { readonly doneBytes: number; readonly totalBytes: number }) => void;
