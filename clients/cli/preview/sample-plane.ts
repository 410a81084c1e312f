// Values of a volume on a plane through the patient: intensities by linear interpolation, labels by the greatest share.
import { componentsOf } from '../../../server/imaging/component-arrays.js';
import type { Image } from '../../typescript/index.js';
import { type Panel, sizesIjk, worldToIndex } from './planes.js';

/** Intensities of each pixel of a panel, by rows; NaN outside the image. A voxel of colour counts as its mean. */
export function sampleIntensities(image: Image, panel: Panel): Float32Array {
  const out = new Float32Array(panel.widthPx * panel.heightPx).fill(Number.NaN);
  forEachPixel(image, panel, (pixel, corners, weights) => {
    let sum = 0;
    for (let n = 0; n < 8; n += 1) sum += weights[n]! * corners[n]!;
    out[pixel] = sum;
  });
  return out;
}

/** The label of each pixel of a panel: of the eight voxels around it, the label that has the greatest linear weight. */
export function sampleLabels(labels: Image, panel: Panel): Uint32Array {
  const out = new Uint32Array(panel.widthPx * panel.heightPx);
  forEachPixel(labels, panel, (pixel, corners, weights) => {
    let best = corners[0]!;
    let bestWeight = -1;
    if (corners.every((value) => value === best)) {
      out[pixel] = best;
      return;
    }
    for (let n = 0; n < 8; n += 1) {
      let weight = 0;
      for (let other = 0; other < 8; other += 1) if (corners[other] === corners[n]) weight += weights[other]!;
      if (weight > bestWeight) {
        best = corners[n]!;
        bestWeight = weight;
      }
    }
    out[pixel] = best;
  });
  return out;
}

/** Visits each pixel inside the image (up to half a voxel beyond its outer centres) with the eight voxels around it. */
function forEachPixel(
  image: Image,
  { originLps, acrossLps, downLps, widthPx, heightPx }: Panel,
  visit: (pixel: number, corners: Float64Array, weights: Float64Array) => void,
): void {
  const [ni, nj, nk] = sizesIjk(image.header);
  const valueAt = createReader(image);
  const m = worldToIndex(image.header.indexToWorldLps);
  const inIndices = (v: readonly number[], row: number) => m[row]! * v[0]! + m[row + 1]! * v[1]! + m[row + 2]! * v[2]!;
  // The index is linear in the pixel: where the first lies, and what one step right or down adds.
  const [i0, j0, k0] = [
    inIndices(originLps, 0) + m[3]!,
    inIndices(originLps, 4) + m[7]!,
    inIndices(originLps, 8) + m[11]!,
  ];
  const [iu, ju, ku] = [inIndices(acrossLps, 0), inIndices(acrossLps, 4), inIndices(acrossLps, 8)];
  const [iv, jv, kv] = [inIndices(downLps, 0), inIndices(downLps, 4), inIndices(downLps, 8)];
  const corners = new Float64Array(8);
  const weights = new Float64Array(8);
  for (let v = 0; v < heightPx; v += 1) {
    for (let u = 0; u < widthPx; u += 1) {
      const i = i0 + u * iu + v * iv;
      const j = j0 + u * ju + v * jv;
      const k = k0 + u * ku + v * kv;
      if (i < -0.5 || j < -0.5 || k < -0.5 || i > ni - 0.5 || j > nj - 0.5 || k > nk - 0.5) continue;
      const fi = i - Math.floor(i);
      const fj = j - Math.floor(j);
      const fk = k - Math.floor(k);
      for (let n = 0; n < 8; n += 1) {
        const di = n & 1;
        const dj = (n >> 1) & 1;
        const dk = n >> 2;
        weights[n] = (di ? fi : 1 - fi) * (dj ? fj : 1 - fj) * (dk ? fk : 1 - fk);
        const plane = clamp(Math.floor(k) + dk, nk) * nj + clamp(Math.floor(j) + dj, nj);
        corners[n] = valueAt(plane * ni + clamp(Math.floor(i) + di, ni));
      }
      visit(v * widthPx + u, corners, weights);
    }
  }
}

/** A voxel's value by its index along i, then j, then k, in the first frame. */
export function createReader(image: Image): (voxel: number) => number {
  const values = componentsOf(image.voxels, image.header.componentType);
  const { components } = image.header;
  if (components === 1) return (voxel) => Number(values[voxel]);
  return (voxel) => {
    let sum = 0;
    for (let c = 0; c < components; c += 1) sum += Number(values[voxel * components + c]);
    return sum / components;
  };
}

function clamp(index: number, size: number): number {
  return index < 0 ? 0 : index >= size ? size - 1 : index;
}
