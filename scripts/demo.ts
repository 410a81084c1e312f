// `make demo`: a host, a published network, a real head MRI; the mask, a picture of it, and MONAI's mask beside it.
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { startChildHost } from '../clients/cli/child-host.js';
import { readImageFile } from '../clients/typescript/index.js';

const workflow = 'brain_extraction_deepbet';
const image = join('examples', 'images', 'head-mri.nii.gz');
const workflows = join('examples', 'workflows');
const mask = join('demo', 'head-mri_brain.nii.gz');
const picture = join('demo', 'head-mri_brain.png');
const monaisMask = join('test', 'fixtures', 'expected', 'head-mri_deepbet_onnx.nii.gz');

rmSync('demo', { recursive: true, force: true });
mkdirSync('demo');
console.log(`$ voxhost serve --workflows ${workflows}`);
const host = await startChildHost({ workflows, data: join('demo', 'data') });
try {
  voxhost('run', workflow, image, '-o', mask, '--preview', picture);
  voxhost('ls');
  await compareWithMonai();
} finally {
  await host.stop();
}

function voxhost(...words: string[]): void {
  console.log(`\n$ voxhost ${words.join(' ')}`);
  const script = join('clients', 'cli', 'main.ts');
  const { status } = spawnSync(process.execPath, ['--import=tsx', script, '--host', host.address, ...words], {
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error(`voxhost ${words[0]} ended with exit code ${status}`);
}

async function compareWithMonai(): Promise<void> {
  const [ours, monais] = await Promise.all([readImageFile(mask), readImageFile(monaisMask)]);
  const differing = ours.voxels.reduce((count, value, index) => count + (value === monais.voxels[index] ? 0 : 1), 0);
  const total = ours.voxels.length.toLocaleString('en');
  console.log(`\nBeside MONAI's own mask of this image, ${differing} of ${total} voxels differ.`);
  console.log(`Open ${mask} in 3D Slicer over ${image}, or look at ${picture}.`);
}
