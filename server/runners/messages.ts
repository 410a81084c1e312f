// What the front and a runner say to each other over the child process's channel. Plain data, small, never voxels.
import type { PlainError } from '../errors.js';
import type { VolumeHeader } from '../imaging/volume-header.js';
import type { ParameterValue, WorkflowDescription } from '../workflows/workflow.js';

/** From the front to a runner. */
export type ToRunner =
  /** First: read the bundle, plan it, load its model, warm it. Answered by `described`, then `ready` or `load-failed`. */
  | {
      readonly type: 'load';
      readonly bundleFolder: string;
      readonly device: string;
      readonly threads: number;
      /** Where models that were converted to ONNX are kept; absent, they are not. */
      readonly convertedFolder?: string;
    }
  /** One run at a time. Answered by `progress` and `output` messages, then one of `done`, `failed`, `cancelled`. */
  | {
      readonly type: 'run';
      readonly run: string;
      readonly inputs: Readonly<Record<string, { readonly file: string; readonly header: VolumeHeader }>>;
      readonly parameters: Readonly<Record<string, ParameterValue>>;
      /** An existing folder for the result files, which other runs use too: see `outputFileName`. */
      readonly outputFolder: string;
    }
  /** Stop between windows or steps. */
  | { readonly type: 'cancel'; readonly run: string }
  /** End the process when idle. */
  | { readonly type: 'shutdown' };

/** The file in a run's output folder that holds a result, by the result's place among the workflow's outputs. */
export function outputFileName(run: string, index: number): string {
  return `${run}-${index}.raw`;
}

/** What became of one execution provider while loading. */
export interface DeviceAttempt {
  readonly device: string;
  readonly available: boolean;
  /** Why not; empty when available. */
  readonly reason: string;
}

/** From a runner to the front. */
export type FromRunner =
  /** The bundle was read and planned. */
  | { readonly type: 'described'; readonly description: WorkflowDescription }
  /** The model is loaded and warm. */
  | {
      readonly type: 'ready';
      readonly device: string;
      readonly attempts: readonly DeviceAttempt[];
      readonly loadMs: number;
      readonly warmupMs: number;
      readonly rssBytes: number;
    }
  | { readonly type: 'load-failed'; readonly error: PlainError; readonly attempts: readonly DeviceAttempt[] }
  | {
      readonly type: 'progress';
      readonly run: string;
      readonly stage: string;
      readonly step: number;
      readonly stepCount: number;
    }
  | {
      readonly type: 'output';
      readonly run: string;
      readonly name: string;
      readonly file: string;
      readonly header: VolumeHeader;
      readonly sha256: string;
      /** Voxels by value, for a label map. */
      readonly voxelCounts?: Readonly<Record<number, number>>;
    }
  | {
      readonly type: 'done';
      readonly run: string;
      readonly timings: readonly { readonly stage: string; readonly durationMs: number }[];
      readonly rssBytes: number;
    }
  | { readonly type: 'failed'; readonly run: string; readonly error: PlainError; readonly rssBytes: number }
  | { readonly type: 'cancelled'; readonly run: string; readonly rssBytes: number };
