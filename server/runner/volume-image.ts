// A volume's voxels as an image: nothing is moved, only described.
import { affineRasFromLps } from '../imaging/geometry.js';
import type { Image, VoxelArray } from '../imaging/image.js';
import type { VolumeHeader } from '../imaging/volume-header.js';
import type { InputLayout } from './check-input.js';

/** The image of a volume whose voxels lie in file order: i fastest, components side by side. */
export function imageOfVolume(data: VoxelArray, header: VolumeHeader, layout: InputLayout): Image {
  const components = Math.max(header.components, 1);
  const voxels = layout.sizes.reduce((product, size) => product * size, 1);
  const strides = layout.sizes.map((_, axis) =>
    layout.sizes.slice(0, axis).reduce((product, size) => product * size, components),
  );
  return {
    channels: layout.channels,
    sizes: layout.sizes,
    data,
    strides: [layout.channelsFrom === 'frames' ? voxels : 1, ...strides],
    offset: 0,
    affineRas: affineRasFromLps(header.indexToWorldLps),
    applied: [],
  };
}
