// The host's side of the zoo's proof: an image file in, the runner's own way through the bundle, a result file out.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readImageFile } from '../../server/imaging/formats/image-file.js';
import { affineRasFromLps, indexToWorldLpsFromRas } from '../../server/imaging/geometry.js';
import { loadWorkflow } from '../../server/runner/load-workflow.js';
import { createStages } from '../../server/runner/progress.js';
import { type OutputMessage, runWorkflow } from '../../server/runner/run-workflow.js';
import type { Answer } from './difference.js';

const THREADS = 2;

/**
 * Answers twice and gives the second, which is warm, and the shorter time: from the image's file to the result's.
 *
 * @param affinesRas geometry that the client's reader found, instead of the file's as nibabel has it
 */
export async function answerOfHost(
  bundleFolder: string,
  inputs: Readonly<Record<string, string>>,
  affinesRas: Readonly<Record<string, readonly number[]>> = {},
): Promise<{ seconds: number; answer: Answer & { readonly bytes: Uint8Array } }> {
  const workflow = await loadWorkflow({
    bundleFolder,
    device: 'cpu',
    threads: THREADS,
    onDescribed: () => {},
    onAttempt: () => {},
  });
  const outputFolder = join(bundleFolder, 'host');
  await mkdir(outputFolder, { recursive: true });
  try {
    let output: OutputMessage | undefined;
    let seconds = Number.POSITIVE_INFINITY;
    for (const run of ['first', 'second']) {
      const started = performance.now();
      const volumes = await readInputs(inputs, affinesRas, outputFolder);
      const context = {
        stages: createStages(() => {}),
        checkpoint: async () => {},
        throwIfCancelled: () => {},
      };
      await runWorkflow(
        workflow,
        { type: 'run', run, inputs: volumes, parameters: {}, outputFolder },
        context,
        (one) => {
          output = one;
        },
      );
      seconds = Math.min(seconds, (performance.now() - started) / 1000);
    }
    const { header, file } = output!;
    const bytes = await readFile(file);
    await rm(outputFolder, { recursive: true, force: true });
    return {
      seconds,
      answer: {
        dtype: header.componentType,
        sizes: header.sizes,
        channels: header.components,
        affineRas: affineRasFromLps(header.indexToWorldLps),
        bytes,
      },
    };
  } finally {
    await workflow.network.close();
  }
}

async function readInputs(
  inputs: Readonly<Record<string, string>>,
  affinesRas: Readonly<Record<string, readonly number[]>>,
  folder: string,
) {
  const volumes: Record<string, { file: string; header: Awaited<ReturnType<typeof readImageFile>>['header'] }> = {};
  for (const [key, source] of Object.entries(inputs)) {
    const { header, voxels } = await readImageFile(source);
    const file = join(folder, `${key}.raw`);
    await writeFile(file, voxels);
    const affineRas = affinesRas[key];
    volumes[key] = {
      file,
      header: affineRas ? { ...header, indexToWorldLps: indexToWorldLpsFromRas(affineRas) } : header,
    };
  }
  return volumes;
}
