// Writes bundles for tests: a folder of small files that is taken away when the test ends.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ExecutionContext } from 'ava';

/** The example bundles that the project ships. */
export const EXAMPLES = fileURLToPath(new URL('../../examples/workflows/', import.meta.url));

/** A new folder, gone after the test. */
export async function makeFolder(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'voxhost-bundle-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes files below a folder, by their paths with `/`. */
export async function writeFiles(folder: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, ...name.split('/'));
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
}

/** A bundle that can run as far as its files say: metadata and a model file that nobody opens here, and what is given. */
export async function makeBundle(
  t: ExecutionContext,
  inference: unknown,
  more: Readonly<Record<string, string | Uint8Array>> = {},
): Promise<string> {
  const folder = await makeFolder(t);
  await writeFiles(folder, {
    'configs/metadata.json': JSON.stringify(METADATA),
    'configs/inference.json': JSON.stringify(inference),
    'models/model.onnx': 'not opened when a bundle is planned',
    ...more,
  });
  return folder;
}

/** The least that a bundle must say of its network. */
export const METADATA = {
  version: '1.0.0',
  name: 'A test',
  network_data_format: {
    inputs: { image: { modality: 'MR', num_channels: 1, spatial_shape: [64, 64, 64], channel_def: { 0: 'T1' } } },
    outputs: { pred: { num_channels: 2, channel_def: { 0: 'background', 1: 'brain' } } },
  },
};
