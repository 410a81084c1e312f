// What a bundle needs to be proved: the channels of its network, and volumes that its windows do not swallow whole.
import { type ConfigObject, isConfigObject } from '../../server/workflows/bundle.js';
import type { Plan } from '../../server/workflows/plan.js';
import { objectAt } from '../../server/workflows/plan-network.js';

/** One line of what monai_side.py reads. */
export interface Job {
  readonly name: string;
  readonly folder: string;
  readonly inputs: readonly {
    readonly key: string;
    readonly channels: number;
    readonly sizes: readonly number[];
    readonly spacing: readonly number[];
    readonly format: 'nifti' | 'png';
    readonly modality: string;
  }[];
  readonly inChannels: number;
  readonly outChannels: number;
  readonly networkAxes: number;
  /** Whether the bundle's own transforms load the image. */
  readonly loads: boolean;
  /** Whether the network answers with one number a class. */
  readonly perImage: boolean;
}

/** Voxels that the network sees, about: more than a window of 96 along two axes. */
const SIZES = [110, 100, 50];
const PICTURE_SIZES = [321, 258];

export function jobFor(name: string, folder: string, plan: Plan, metadata: ConfigObject): Job {
  const { inputs } = plan.description;
  const axes = inputs[0]?.spatialAxes ?? 3;
  const slices = plan.inferer.kind === 'sliding-window' && plan.inferer.sliceAxis !== undefined;
  const pixdim = plan.preprocessing.find((step) => step.operator === 'Spacing')?.args['pixdim'];
  const voxelMm = Array.isArray(pixdim) ? pixdim.map(Number) : [1, 1, 1];
  const spacing = [0.93, 1.07, 1.55].map((factor, axis) => factor * (voxelMm[axis] ?? 1));
  const sizes = SIZES.map((size, axis) => Math.round((size * (voxelMm[axis] ?? 1)) / spacing[axis]!));
  return {
    name,
    folder,
    inputs: inputs.map(({ name: key, channels, modality }) => ({
      key,
      channels,
      sizes: axes === 2 ? PICTURE_SIZES : sizes,
      spacing,
      format: axes === 2 ? ('png' as const) : ('nifti' as const),
      modality,
    })),
    inChannels: plan.network.inChannels,
    outChannels: plan.network.outChannels,
    networkAxes: slices ? 2 : axes,
    loads: plan.preprocessing.some((step) => step.operator === 'LoadImage'),
    perImage: isClassification(metadata, plan.network.outChannels),
  };
}

/** Bundles write [1, classes] for the shape of an answer that is one number a class. */
function isClassification(metadata: ConfigObject, classes: number): boolean {
  const outputs = objectAt(objectAt(metadata, 'network_data_format'), 'outputs');
  const [output] = Object.values(outputs);
  const shape = isConfigObject(output) ? output['spatial_shape'] : undefined;
  return Array.isArray(shape) && shape.length === 2 && shape[0] === 1 && shape[1] === classes;
}
