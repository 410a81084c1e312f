// A whole request, warm, beside MONAI 1.6.1 warm in Python with torch, on the same cores, turn by turn in one run.
//
//   VOXHOST_MONAI_PYTHON=… node --import=tsx benchmarks/beside-monai.ts [rounds]
//
// Ours: the image in the client's memory, sent, run, the mask back in the client's memory, in one call over gRPC. MONAI's: from
// the image in memory to the mask in memory, in one process. Neither reads nor writes a file of an image.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Host, type Image, readImageFile } from '../clients/typescript/index.js';
import { median, reportFigure, round } from './figures.js';
import { HEAD_MRI, ROOT, startHostProcess, waitUntilReady } from './host-process.js';

const BUNDLES = [
  { name: 'brain_extraction_mri', expected: 'head-mri_brain', times: 4, mayDiffer: 2 },
  { name: 'brain_extraction_deepbet', expected: 'head-mri_deepbet_onnx', times: 2, mayDiffer: 0 },
] as const;

interface Monai {
  ask(bundle: string, maskFile?: string): Promise<{ ms: number }>;
  stop(): Promise<void>;
}

async function startMonai(python: string): Promise<Monai> {
  const script = join(ROOT, 'benchmarks', 'monai_side.py');
  const names = BUNDLES.map(({ name }) => name);
  const child = spawn(python, [script, String(availableParallelism()), ...names], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const ended = once(child, 'close');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async (): Promise<{ ms: number }> => {
    for (;;) {
      const { value, done } = await lines.next();
      if (done) throw new Error(`${script} has ended: run it by hand to see why.`);
      if (value.startsWith('{')) return JSON.parse(value) as { ms: number };
    }
  };
  await answer();
  return {
    ask(bundle, mask) {
      child.stdin.write(`${JSON.stringify({ bundle, mask })}\n`);
      return answer();
    },
    async stop() {
      child.stdin.end();
      await ended;
    },
  };
}

/** One request from the image to the mask. What the host has of it is deleted first, so that every byte travels. */
async function request(client: Host, workflow: string, image: Image): Promise<{ ms: number; mask: Image }> {
  const start = performance.now();
  const { run, outputs } = await client.predict(workflow, { image });
  const ms = performance.now() - start;
  const mask = outputs[run.outputs[0]!.name]!;
  for (const volume of [...Object.values(run.inputs), run.outputs[0]!.volume.name]) await client.deleteVolume(volume);
  return { ms, mask };
}

function countDiffering(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((count, value, index) => count + (value === b[index] ? 0 : 1), Math.abs(a.length - b.length));
}

const python = process.env['VOXHOST_MONAI_PYTHON'];
const rounds = Number(process.argv[2] ?? 7);
const folder = await mkdtemp(join(tmpdir(), 'voxhost-bench-'));
const monai = python ? await startMonai(python) : undefined;
const host = await startHostProcess();
await waitUntilReady(host.client);
const image = await readImageFile(HEAD_MRI);

for (const { name, expected, times, mayDiffer } of BUNDLES) {
  const monais = await readImageFile(join(ROOT, 'test', 'fixtures', 'expected', `${expected}.nii.gz`));
  let { mask } = await request(host.client, name, image);
  const differing = countDiffering(mask.voxels, monais.voxels);
  const detail = `${differing} of ${monais.voxels.length} voxels differ from MONAI's answer`;
  reportFigure(`\`${name}\` on the head MRI against MONAI`, differing, { atMost: mayDiffer }, ' voxels', detail);
  if (!monai) continue;

  const [ours, theirs]: [number[], number[]] = [[], []];
  const file = join(folder, 'mask');
  for (let count = 0; count < rounds; count++) {
    theirs.push((await monai.ask(name, file)).ms);
    const answer = await request(host.client, name, image);
    ours.push(answer.ms);
    mask = answer.mask;
  }
  const torchDiffers = countDiffering(mask.voxels, await readFile(file));
  reportFigure(
    `\`${name}\`, whole request, against MONAI 1.6.1 with torch`,
    median(theirs) / median(ours),
    { atLeast: times },
    ' times as fast',
    `${round(median(ours))} ms against ${round(median(theirs))} ms, medians of ${rounds}; ${torchDiffers} voxels differ from torch's answer of that very run`,
  );
}
await host.stop();
await monai?.stop();
await rm(folder, { recursive: true });
if (!monai) {
  console.log(`Not measured: speed beside MONAI. Make an environment and name its Python:
  python3.11 -m venv .cache/monai && .cache/monai/bin/pip install -r test/golden/requirements.txt
  VOXHOST_MONAI_PYTHON=.cache/monai/bin/python node --import=tsx benchmarks/beside-monai.ts`);
}
