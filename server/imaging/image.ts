// An image in memory while a plan runs: a strided view of typed voxels, so that flips and permutations move nothing.
import type { Mat4 } from './geometry.js';

/** Arrays that voxels may lie in. 64-bit integers become float64 when a volume is read. */
export type VoxelArray =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

/**
 * A channel-first image. Voxel (c, x₀, x₁, x₂) is `data[offset + c·strides[0] + x₀·strides[1] + …]`.
 * Spatial axes are in MONAI's order: the first is the one that the wire calls i until `Orientation` moves it.
 */
export interface Image {
  readonly channels: number;
  /** Voxels along each spatial axis: 1 to 3 of them. */
  readonly sizes: readonly number[];
  readonly data: VoxelArray;
  /** In elements: the channel's first, then one for each spatial axis. May be negative. */
  readonly strides: readonly number[];
  /** Index in `data` of the first voxel. */
  readonly offset: number;
  /** From voxel indices to millimetres in RAS, MONAI's own frame. 4×4 by rows; identity rows for missing axes. */
  readonly affineRas: Mat4;
  /** What was done to it since it was read, the oldest first: what `Invert` undoes. */
  readonly applied: readonly AppliedOperation[];
  /** True when nobody else holds these voxels, so that the next step may overwrite them instead of copying. */
  readonly owned?: boolean;
  /**
   * True when a bundle asked for the integers that these voxels are (`CastToType`, `dtype` of `LoadImage`): MONAI then
   * computes on integers. Without it, integers of a file stand for float32.
   */
  readonly integers?: boolean;
}

/** One invertible operation with what its inverse needs, as plain data. */
export interface AppliedOperation {
  /** The operator's name in the catalog, such as `Spacing`. */
  readonly operator: string;
  /** The key that the image had then: MONAI undoes only what was done under the key that `Invert` names. */
  readonly key?: string;
  readonly sizesBefore: readonly number[];
  readonly affineRasBefore: Mat4;
  /** The operator's own notes for its inverse. */
  readonly notes: Readonly<Record<string, unknown>>;
}

/** Where an image's voxels lie, and nothing else: plain data that another thread can be given. */
export type Strided = Pick<Image, 'channels' | 'sizes' | 'data' | 'strides' | 'offset'>;

export function strided({ channels, sizes, data, strides, offset }: Image): Strided {
  return { channels, sizes, data, strides, offset };
}
