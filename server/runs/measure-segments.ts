// The segments of a label map in numbers: voxels of each value, and millilitres by the volume's geometry.
import type { VolumeHeader } from '../imaging/volume-header.js';
import type { WorkflowOutput } from '../workflows/workflow.js';
import type { SegmentMeasure } from './run.js';

/**
 * The segments that the workflow declares, as found.
 * @param voxelCounts voxels by value; absent for what is no label map, which has no segments.
 */
export function measureSegments(
  output: WorkflowOutput | undefined,
  header: VolumeHeader,
  voxelCounts: Readonly<Record<number, number>> | undefined,
): readonly SegmentMeasure[] {
  if (!voxelCounts) return [];
  const voxelMl = voxelVolumeMm3(header) / 1000;
  return (output?.segments ?? []).map((segment) => {
    const voxelCount = voxelCounts[segment.value] ?? 0;
    return { segment, voxelCount, volumeMl: voxelCount * voxelMl };
  });
}

/** The absolute determinant of the 3×3 part. */
function voxelVolumeMm3({ indexToWorldLps: m }: VolumeHeader): number {
  const [a, b, c, d, e, f, g, h, i] = [0, 1, 2, 4, 5, 6, 8, 9, 10].map((at) => m[at]!) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return Math.abs(a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g));
}
