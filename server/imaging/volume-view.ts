// Between the bytes of a volume (i fastest, components side by side, LPS) and an image in memory (strided, RAS).
import { COMPONENT_ARRAYS, type ComponentArray, componentsOf } from './component-arrays.js';
import { affineRasFromLps, indexToWorldLpsFromRas } from './geometry.js';
import type { Image, VoxelArray } from './image.js';
import type { ComponentType, VolumeHeader } from './volume-header.js';
import { copyVoxels, voxelsOf } from './voxel-layout.js';

/**
 * A volume's bytes as an image. Small integers and float32 are viewed in place; wider types become float32, as MONAI's
 * `LoadImage` has them. Channels are the components, or the frames on the fourth axis.
 * @param spatialAxes 2 or 3: for 2, the axes behind the second must have one voxel or hold the channels.
 * @throws RangeError when the bytes are not as many as the header says, or channels are given twice.
 */
export function imageFromVolume(bytes: Uint8Array, header: VolumeHeader, spatialAxes = 3): Image {
  return imageFromVoxels(componentsOf(bytes, header.componentType), header, spatialAxes);
}

/** The same from voxels that are typed already. */
export function imageFromVoxels(voxels: ComponentArray, header: VolumeHeader, spatialAxes = 3): Image {
  const components = Math.max(1, header.components);
  const axes = Math.min(spatialAxes, header.sizes.length);
  const sizes = header.sizes.slice(0, axes);
  const frames = voxelsOf(header.sizes.slice(axes));
  if (components > 1 && frames > 1) throw new RangeError('channels as components and as frames at once');
  const expected = voxelsOf(header.sizes) * components;
  if (voxels.length !== expected) throw new RangeError(`${voxels.length} numbers, the header says ${expected}`);
  const strides: number[] = [];
  let step = components;
  for (const size of sizes) {
    strides.push(step);
    step *= size;
  }
  return {
    channels: Math.max(components, frames),
    sizes,
    data: narrow(voxels),
    strides: [components > 1 ? 1 : step, ...strides],
    offset: 0,
    affineRas: affineRasFromLps(header.indexToWorldLps),
    applied: [],
  };
}

/** A new image around a contiguous channel-first tensor (C order), in the geometry and with the history of another. */
export function imageFromTensor(data: VoxelArray, channels: number, sizes: readonly number[], like: Image): Image {
  const strides = new Array<number>(sizes.length + 1);
  let step = 1;
  for (let axis = sizes.length; axis > 0; axis--) {
    strides[axis] = step;
    step *= sizes[axis - 1]!;
  }
  strides[0] = step;
  if (data.length !== step * channels) throw new RangeError(`${data.length} numbers for ${channels} × ${sizes}`);
  return { channels, sizes, data, strides, offset: 0, affineRas: like.affineRas, applied: like.applied };
}

/**
 * An image as a volume in the geometry that it has now: i fastest, channels as components. The bytes are the image's own
 * memory when they lie so already and the type is its own.
 * @param outputType the type of the numbers; the image's own when left out. Numbers are converted as typed arrays do.
 */
export function volumeFromImage(
  image: Image,
  outputType: ComponentType = componentTypeOf(image.data),
): { header: VolumeHeader; bytes: Uint8Array } {
  if (outputType === 'int64' || outputType === 'uint64') throw new RangeError(`${outputType} is not written`);
  const { channels, sizes } = image;
  const header: VolumeHeader = {
    sizes,
    componentType: outputType,
    components: channels,
    indexToWorldLps: indexToWorldLpsFromRas(image.affineRas),
    modality: '',
  };
  const strides = [1];
  let step = channels;
  for (const size of sizes) {
    strides.push(step);
    step *= size;
  }
  const own = outputType === componentTypeOf(image.data);
  if (own && image.offset === 0 && image.data.length === step && liesAs(image, strides)) {
    return { header, bytes: bytesOf(image.data) };
  }
  const voxels = new COMPONENT_ARRAYS[outputType](step) as VoxelArray;
  copyVoxels(image, voxels, strides, 0);
  return { header, bytes: bytesOf(voxels) };
}

/** The component type that an array of voxels is. */
export function componentTypeOf(data: VoxelArray): ComponentType {
  for (const [type, Kind] of Object.entries(COMPONENT_ARRAYS)) if (data instanceof Kind) return type as ComponentType;
  throw new RangeError('not an array of voxels');
}

function liesAs(image: Image, strides: readonly number[]): boolean {
  return image.strides.every(
    (stride, axis) => stride === strides[axis] || (axis === 0 ? image.channels : image.sizes[axis - 1]) === 1,
  );
}

function bytesOf(data: VoxelArray): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

function narrow(voxels: ComponentArray): VoxelArray {
  if (voxels instanceof BigInt64Array || voxels instanceof BigUint64Array) {
    return Float32Array.from(voxels as BigInt64Array, Number);
  }
  if (voxels instanceof Uint8Array || voxels instanceof Int16Array || voxels instanceof Float32Array) return voxels;
  if (voxels instanceof Int8Array) return new Int16Array(voxels);
  return new Float32Array(voxels);
}
