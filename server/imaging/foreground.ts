// The box around what is greater than a number: MONAI's `generate_spatial_bounding_box`.
import type { Image } from './image.js';
import { asThreeAxes } from './voxel-layout.js';

/** First voxel and one behind the last, on each axis, over the given channels or all; zeros when there is none. */
export function foregroundBox(
  image: Image,
  above: number,
  channels: readonly number[] | null,
): readonly (readonly [number, number])[] {
  const { sizes, strides, offset, data } = asThreeAxes(image);
  const [n0, n1, n2] = sizes as [number, number, number];
  const hit = [new Uint8Array(n0), new Uint8Array(n1), new Uint8Array(n2)] as const;
  for (const c of channels ?? Array.from({ length: image.channels }, (_, index) => index)) {
    if (c < 0 || c >= image.channels) throw new RangeError(`channel ${c} of an image of ${image.channels} channels`);
    for (let x = 0; x < n0; x++) {
      for (let y = 0; y < n1; y++) {
        let at = offset + c * strides[0]! + x * strides[1]! + y * strides[2]!;
        for (let z = 0; z < n2; z++, at += strides[3]!) {
          if (data[at]! > above) hit[0][x] = hit[1][y] = hit[2][z] = 1;
        }
      }
    }
  }
  return hit.slice(3 - image.sizes.length).map((line) => {
    const first = line.indexOf(1);
    return first < 0 ? [0, 0] : [first, line.lastIndexOf(1) + 1];
  });
}
