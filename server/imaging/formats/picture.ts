// Pictures: images of two axes from files that know no millimetres. What PNG and JPEG have in common.
import { InvalidArgument } from '../../errors.js';
import type { VolumeHeader } from '../volume-header.js';
import type { ImageFile } from './image-file.js';

/** MONAI's PIL reader gives the identity in RAS: columns to the right, rows to the front. Here as LPS. */
const PICTURE_LPS = [-1, 0, 0, 0, 0, -1, 0, 0, 0, 0, 1, 0];

/** A picture in memory: `sizes` are columns and rows, components lie side by side. */
export function pictureFile(
  sizes: readonly [number, number],
  components: number,
  pixels: Uint8Array | Uint16Array,
  warnings: readonly string[] = [],
): ImageFile {
  const componentType = pixels instanceof Uint16Array ? 'uint16' : 'uint8';
  return {
    header: { sizes, componentType, components, indexToWorldLps: PICTURE_LPS, modality: '' },
    voxels: new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength),
    warnings,
  };
}

/**
 * Columns and rows of an image that a picture can hold: two axes, more of one voxel, uint8 or uint16.
 * @throws InvalidArgument saying which format would hold it
 */
export function pictureSizes(file: string, header: VolumeHeader, maxComponents: number): readonly [number, number] {
  const [columns = 1, rows = 1, ...more] = header.sizes;
  const flat = more.every((size) => size === 1);
  const typed = header.componentType === 'uint8' || header.componentType === 'uint16';
  if (flat && typed && header.components <= maxComponents) return [columns, rows];
  throw new InvalidArgument(
    file,
    `${header.sizes.join(' × ')} voxels of ${header.components} × ${header.componentType}`,
    `an image of two axes, uint8 or uint16, with at most ${maxComponents} components`,
    { remedy: 'Write .nii.gz, .nrrd or .mha, which hold any image.' },
  );
}
