// Results that come in one call with the run's events, put together and verified.
import type { PredictRead__Output } from '../../proto/generated/voxhost/v1/PredictRead.js';
import { VoxhostError } from '../../server/errors.js';
import { headerSizeBytes } from '../../server/imaging/volume-header.js';
import { readChunk } from './chunks.js';
import { createGrowingDigest, type GrowingDigest } from './digest.js';
import { volumeFromWire } from './from-wire.js';
import type { Image, Run, RunOutput, Volume } from './types.js';

/** A result with its voxels. */
export type ReceivedOutput = Image & Pick<RunOutput, 'kind' | 'segments'>;

/** Takes a call's reads one by one. */
export interface OutputReceiver {
  /** @throws VoxhostError DATA_LOSS when a chunk is out of order or too large. */
  accept(message: PredictRead__Output): Promise<void>;
  /** All outputs of the run by name. @throws VoxhostError DATA_LOSS when one is not whole. */
  collect(run: Run): Promise<Record<string, ReceivedOutput>>;
}

interface Part {
  readonly volume: Volume;
  readonly voxels: Uint8Array;
  readonly digest: GrowingDigest;
  doneBytes: number;
}

export function createOutputReceiver(): OutputReceiver {
  const parts = new Map<string, Part>();
  return {
    async accept({ output, read }) {
      if (read?.volume) {
        const volume = volumeFromWire(read.volume);
        const voxels = new Uint8Array(headerSizeBytes(volume.header));
        parts.set(output, { volume, voxels, digest: createGrowingDigest(voxels), doneBytes: 0 });
      } else if (read?.chunk) {
        const part = parts.get(output);
        if (!part || read.chunk.offsetBytes !== part.doneBytes) throw incomplete(output);
        const leftBytes = part.voxels.length - part.doneBytes;
        const bytes = await readChunk(read.chunk, part.volume.header, leftBytes);
        if (bytes.length > leftBytes) throw incomplete(output);
        part.voxels.set(bytes, part.doneBytes);
        part.doneBytes += bytes.length;
        // While the next chunk is on its way.
        part.digest.advanceTo(part.doneBytes);
      }
    },
    async collect(run) {
      const outputs: Record<string, ReceivedOutput> = {};
      for (const { name, kind, segments } of run.outputs) {
        const part = parts.get(name);
        const whole = part !== undefined && part.doneBytes === part.voxels.length;
        if (!whole || part.digest.finish() !== part.volume.sha256) throw incomplete(name);
        outputs[name] = { header: part.volume.header, voxels: part.voxels, kind, segments };
      }
      return outputs;
    },
  };
}

/** The call ended, or went on, without all of a result. */
export function incomplete(output: string): VoxhostError {
  return new VoxhostError({
    code: 'DATA_LOSS',
    reason: 'INCOMPLETE_DOWNLOAD',
    message: `The result ${output} did not come whole. Run it again.`,
    metadata: { output },
  });
}
