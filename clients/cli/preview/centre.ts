// The point that the three planes go through: the middle of what was found.
import type { Image } from '../../typescript/index.js';
import { sizesIjk, toWorld } from './planes.js';
import { createReader } from './sample-plane.js';

/**
 * The centroid of all voxels that are not 0, in LPS millimetres; along an axis where the plane through it would miss the
 * segments (two kidneys and nothing between), the plane that holds most of them. The image's middle when there are none.
 */
export function findCentre(labels: Image): readonly [number, number, number] {
  const sizes = sizesIjk(labels.header);
  const counts = sizes.map((size) => new Float64Array(size));
  const valueAt = createReader(labels);
  let voxel = 0;
  for (let k = 0; k < sizes[2]; k += 1) {
    for (let j = 0; j < sizes[1]; j += 1) {
      for (let i = 0; i < sizes[0]; i += 1, voxel += 1) {
        if (valueAt(voxel) === 0) continue;
        counts[0]![i]! += 1;
        counts[1]![j]! += 1;
        counts[2]![k]! += 1;
      }
    }
  }
  const index = counts.map((along, axis) => middle(along) ?? (sizes[axis]! - 1) / 2);
  return toWorld(labels.header.indexToWorldLps, index as [number, number, number]);
}

function middle(counts: Float64Array): number | undefined {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return undefined;
  const mean = counts.reduce((sum, count, place) => sum + count * place, 0) / total;
  return counts[Math.round(mean)]! > 0 ? mean : counts.indexOf(Math.max(...counts));
}
