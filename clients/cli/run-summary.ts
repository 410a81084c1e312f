// What a run found, for people: segments with volumes, what it took, where the files are. Pure.
import type { Run } from '../typescript/index.js';
import { formatDuration, formatMl, formatTable } from './table.js';

/** A finished run as `--json` prints it. */
export interface RunSummary {
  readonly run: Run;
  /** Files by output name. */
  readonly files: Readonly<Record<string, string>>;
  /** From the first byte sent to the last result written. */
  readonly tookMs: number;
  readonly preview?: string;
}

/** The summary of a run. */
export function formatRunSummary({ run, files, tookMs, preview }: RunSummary): string {
  const parts = run.outputs.flatMap(({ name, segments }) => {
    const rows = segments.map(({ segment, voxelCount, volumeMl }) => [
      segment.name,
      formatMl(volumeMl),
      voxelCount === 0 ? 'not found' : `${voxelCount.toLocaleString('en-GB')} voxels`,
    ]);
    const table = rows.length > 0 ? formatTable(['SEGMENT', 'VOLUME', 'VOXELS'], rows, [1, 2]) : '';
    return [table, ...(files[name] ? [`Wrote ${files[name]}\n`] : [])];
  });
  const network = run.timings.find(({ stage }) => stage === 'network');
  const detail = network ? ` (the network ${formatDuration(network.durationMs)})` : '';
  return [...parts, ...(preview ? [`Drew ${preview}\n`] : []), `Took ${formatDuration(tookMs)}${detail}\n`].join('');
}
