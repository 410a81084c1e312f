// The network's own time in ONNX Runtime, bare, as the bundle has it and as the host rewrites it, and beside them what
// the host adds before and after: by turns in one run, so that a busy machine slows all alike.
// node --import=tsx benchmarks/network.ts [rounds] [threads]
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { readImageFile } from '../server/imaging/formats/image-file.js';
import { imageFromVolume } from '../server/imaging/volume-view.js';
import type { FloatTensor, Network } from '../server/inference/network.js';
import { executePlan } from '../server/runner/execute-plan.js';
import { loadWorkflow } from '../server/runner/load-workflow.js';
import { createStages } from '../server/runner/progress.js';
import { round as digits, median, reportFigure } from './figures.js';

const rounds = Number(process.argv[2] ?? 7);
const threads = Number(process.argv[3] ?? availableParallelism());
const root = fileURLToPath(new URL('..', import.meta.url));
const { header, voxels } = await readImageFile(join(root, 'examples', 'images', 'head-mri.nii.gz'));

const ratio = (a: number, b: number) => (a / b).toFixed(2);

for (const name of ['brain_extraction_deepbet', 'brain_extraction_mri']) {
  const bundleFolder = join(root, 'examples', 'workflows', name);
  const quiet = { onDescribed: () => {}, onAttempt: () => {} };
  const { plan, network, threads: pool } = await loadWorkflow({ bundleFolder, device: 'cpu', threads, ...quiet });
  // ONNX Runtime as it comes, but for the number of threads.
  const bare = await InferenceSession.create(plan.network.modelFile, { intraOpNumThreads: threads });
  const times = { bare: [] as number[], ours: [] as number[], rest: [] as number[], whole: [] as number[] };
  for (let round = 0; round < rounds + 1; round++) {
    let [bareMs, oursMs] = [0, 0];
    const both: Network = {
      ...network,
      async run(input: FloatTensor) {
        const feeds = { [bare.inputNames[0]!]: new Tensor('float32', input.data, input.dims) };
        const first = performance.now();
        await bare.run(feeds);
        const second = performance.now();
        const answer = await network.run(input);
        bareMs += second - first;
        oursMs += performance.now() - second;
        return answer;
      },
    };
    const started = performance.now();
    await executePlan(
      plan,
      both,
      new Map([['image', imageFromVolume(voxels, header)]]),
      {},
      {
        stages: createStages(() => {}),
        threads: pool,
        checkpoint: async () => {},
        throwIfCancelled: () => {},
      },
    );
    const wholeMs = performance.now() - started - bareMs;
    // The first round warms up code and memory.
    if (round === 0) continue;
    times.bare.push(bareMs);
    times.ours.push(oursMs);
    times.whole.push(wholeMs);
    times.rest.push(wholeMs - oursMs);
  }
  const [bareMs, oursMs, restMs, wholeMs] = [times.bare, times.ours, times.rest, times.whole].map(median) as [
    number,
    number,
    number,
    number,
  ];
  console.log(`${name}, ${threads} threads, median of ${rounds}`);
  console.log(`  bare network / rewritten network   ${ratio(bareMs, oursMs)}`);
  console.log(`  pre and post / bare network        ${ratio(restMs, bareMs)}`);
  console.log(`  whole run    / bare network        ${ratio(wholeMs, bareMs)}`);
  console.log(`  (ms: bare ${bareMs.toFixed(0)}, rewritten ${oursMs.toFixed(0)}, pre and post ${restMs.toFixed(0)})`);
  if (name === 'brain_extraction_deepbet') {
    reportFigure(
      `Pre and post together against the network alone in ONNX Runtime, \`${name}\``,
      restMs / bareMs,
      { atMost: 0.3 },
      ' times the network',
      `${digits(restMs)} ms against ${digits(bareMs)} ms; the network as rewritten here takes ${digits(oursMs)} ms`,
    );
  }
  await bare.release();
  await network.close();
}
