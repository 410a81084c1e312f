// What a TorchScript file holds, found out without a workflow around it: for `voxhost check model.ts`.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { VoxhostError } from '../errors.js';
import { guessShapes } from '../torchscript/guess-shapes.js';
import { type NetworkReport, readTorchScript, TorchScriptError } from '../torchscript/import.js';
import type { AskedShape } from '../torchscript/open-sizes.js';
import { convertTorchScript, toError } from './convert.js';

export interface InspectedModel {
  readonly report: NetworkReport;
  readonly inputShape: AskedShape;
}

/**
 * Converts a network for a shape, or for the first of those that its weights suggest and that works.
 * @throws InvalidBundle; Unsupported: what stands in the way, for the first shape that was tried
 */
export async function inspectModel(file: string, shape?: AskedShape): Promise<InspectedModel> {
  const fileName = basename(file);
  const shapes = shape === undefined ? await suggestShapes(file) : [shape];
  const folder = await mkdtemp(join(tmpdir(), 'voxhost-check-'));
  let first: VoxhostError | undefined;
  try {
    for (const inputShape of shapes) {
      try {
        const { report } = await convertTorchScript({ modelFile: file, fileName, inputShapes: [inputShape], folder });
        return { report, inputShape };
      } catch (error) {
        if (!(error instanceof VoxhostError)) throw error;
        first ??= error;
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  throw first ?? new Error('No shape was tried.');
}

async function suggestShapes(file: string): Promise<readonly AskedShape[]> {
  try {
    const shapes = guessShapes(readTorchScript(await readFile(file)));
    return shapes.length > 0 ? shapes : [[1, 1, 64, 64, 64]];
  } catch (error) {
    if (!(error instanceof TorchScriptError)) throw error;
    throw toError(error, basename(file));
  }
}
