// A plan: a workflow parsed and checked, as plain data. No I/O, no voxels, nothing of ONNX Runtime.
import type { WorkflowDescription } from './workflow.js';

/** Where something stands in a bundle, for messages: `configs/inference.json`, `preprocessing::transforms::3`. */
export interface Place {
  readonly file: string;
  readonly key: string;
}

/** Arguments of a transform after references and expressions: plain JSON values. */
export type PlainValue =
  | null
  | boolean
  | number
  | string
  | readonly PlainValue[]
  | { readonly [key: string]: PlainValue };

/** One transform, checked by its operator (`operators/catalog.ts`): `args` are complete, defaults included. */
export interface PlannedStep {
  /** The operator's name in the catalog, MONAI's name without the dictionary suffix: `Spacing`. */
  readonly operator: string;
  /** The keys it works on, such as `image` or `pred`. */
  readonly keys: readonly string[];
  readonly args: { readonly [name: string]: PlainValue };
  readonly place: Place;
}

/** How the network is applied, in MONAI's words. */
export type PlannedInferer =
  | { readonly kind: 'simple' }
  | {
      readonly kind: 'sliding-window';
      /** Voxels along the tensor's spatial axes; 0 or less takes the image's size. */
      readonly roiSize: readonly number[];
      readonly swBatchSize: number;
      /** Per axis, 0 ≤ overlap < 1. */
      readonly overlap: readonly number[];
      readonly mode: 'constant' | 'gaussian';
      readonly sigmaScale: readonly number[];
      readonly paddingMode: 'constant' | 'reflect' | 'replicate' | 'circular';
      readonly cval: number;
      /** SliceInferer: the image's axis along which a network of two axes sees slices. `roiSize` is 1 on it. */
      readonly sliceAxis?: number;
    };

/** A workflow ready to be executed. */
export interface Plan {
  readonly description: WorkflowDescription;
  /** The bundle's folder; every file of the plan lies below it. */
  readonly bundleFolder: string;
  readonly preprocessing: readonly PlannedStep[];
  readonly inferer: PlannedInferer;
  readonly network: {
    /** Absolute path of the ONNX file, or of a TorchScript file that is to be converted. */
    readonly modelFile: string;
    /** The key whose tensor goes in, such as `image`. */
    readonly inputKey: string;
    /** The key under which the answer goes on, such as `pred`. */
    readonly outputKey: string;
    readonly inChannels: number;
    readonly outChannels: number;
    readonly place: Place;
  };
  readonly postprocessing: readonly PlannedStep[];
}
