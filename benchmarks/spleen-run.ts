// A whole run at the spleen bundle's shape, with its own network and seeded weights, beside the bare kernel time of its
// windows: the same windows in the file as torch exports it, in a session with the host's own options, window by window in
// turns. (A session with ONNX Runtime's own options spins after each pass and slows whatever runs next.)
//
//   VOXHOST_MONAI_PYTHON=… node --import=tsx benchmarks/spleen-run.ts [slices] [rounds]
//
// 38 of the 90 slices by default, one layer of 25 windows of 96³: all 90 are 100 windows.
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { imageFromVolume } from '../server/imaging/volume-view.js';
import type { FloatTensor, Network } from '../server/inference/network.js';
import { sessionOptions } from '../server/inference/session-options.js';
import { executePlan } from '../server/runner/execute-plan.js';
import { loadWorkflow } from '../server/runner/load-workflow.js';
import { createStages } from '../server/runner/progress.js';
import { LOAD, writeTinyBundle } from '../test/fixtures/onnx/tiny-bundle.js';
import { median, reportFigure } from './figures.js';
import { ROOT } from './host-process.js';

/** As the bundle has them. */
const PREPROCESSING = [
  ...LOAD,
  { _target_: 'Orientationd', keys: 'image', axcodes: 'RAS' },
  { _target_: 'Spacingd', keys: 'image', pixdim: [1.5, 1.5, 2], mode: 'bilinear' },
  { _target_: 'ScaleIntensityRanged', keys: 'image', a_min: -57, a_max: 164, b_min: 0, b_max: 1, clip: true },
  { _target_: 'EnsureTyped', keys: 'image' },
];
const POSTPROCESSING = [
  { _target_: 'Activationsd', keys: 'pred', softmax: true },
  {
    _target_: 'Invertd',
    keys: 'pred',
    transform: '@preprocessing',
    orig_keys: 'image',
    nearest_interp: false,
    to_tensor: true,
  },
  { _target_: 'AsDiscreted', keys: 'pred', argmax: true },
];
const INFERER = { _target_: 'SlidingWindowInferer', roi_size: [96, 96, 96], sw_batch_size: 4, overlap: 0.5 };

const SLICES = 90;
const slices = Number(process.argv[2] ?? 38);
const rounds = Number(process.argv[3] ?? 3);

/** Slow waves of Hounsfield units, as int16. */
function ct(): Parameters<typeof imageFromVolume> {
  const sizes = [512, 512, slices] as const;
  const voxels = new Int16Array(sizes[0] * sizes[1] * sizes[2]);
  for (let n = 0; n < voxels.length; n++) {
    const [i, j, k] = [n % 512, Math.floor(n / 512) % 512, Math.floor(n / 512 ** 2)];
    voxels[n] = 150 * Math.sin(i / 29) * Math.cos(j / 37) + 60 * Math.sin(k / 5) + (Math.imul(n, 2654435761) >>> 27);
  }
  const indexToWorldLps = [0.793, 0, 0, -203, 0, -0.793, 0, 180, 0, 0, 5, -310];
  const header = { sizes, componentType: 'int16', components: 1, indexToWorldLps, modality: 'CT' } as const;
  return [new Uint8Array(voxels.buffer), header];
}

/** Milliseconds of one run: the host's, and the bare passes of its windows, which the run did not wait for. */
async function timeRun(
  workflow: Awaited<ReturnType<typeof loadWorkflow>>,
  bare: InferenceSession,
  volume: Parameters<typeof imageFromVolume>,
): Promise<{ wholeMs: number; bareMs: number; networkMs: number; windows: number }> {
  let [bareMs, networkMs, windows] = [0, 0, 0];
  const both: Network = {
    ...workflow.network,
    async run(input: FloatTensor) {
      const feeds = { [bare.inputNames[0]!]: new Tensor('float32', input.data, input.dims) };
      const first = performance.now();
      await bare.run(feeds);
      const second = performance.now();
      const answer = await workflow.network.run(input);
      bareMs += second - first;
      networkMs += performance.now() - second;
      windows += input.dims[0]!;
      return answer;
    },
  };
  const context = {
    stages: createStages(() => undefined),
    threads: workflow.threads,
    checkpoint: async () => undefined,
    throwIfCancelled: () => undefined,
  };
  const started = performance.now();
  await executePlan(workflow.plan, both, new Map([['image', imageFromVolume(...volume)]]), {}, context);
  return { wholeMs: performance.now() - started - bareMs, bareMs, networkMs, windows };
}

async function main(python: string, folder: string): Promise<void> {
  const modelFile = join(folder, 'spleen.onnx');
  execFileSync(python, [join(ROOT, 'benchmarks', 'spleen_network.py'), modelFile], { stdio: 'ignore' });
  const bundleFolder = await writeTinyBundle(join(folder, 'spleen'), {
    model: await readFile(modelFile),
    outChannels: 2,
    preprocessing: PREPROCESSING,
    postprocessing: POSTPROCESSING,
    inferer: INFERER,
  });
  const threads = availableParallelism();
  const quiet = { onDescribed: () => undefined, onAttempt: () => undefined };
  const workflow = await loadWorkflow({ bundleFolder, device: 'cpu', threads, ...quiet });
  const bare = await InferenceSession.create(modelFile, sessionOptions('cpu', threads));
  const volume = ct();
  const runs: Awaited<ReturnType<typeof timeRun>>[] = [];
  // The first round warms up code and memory, where there is more than one.
  for (let n = 0; n < rounds; n++) runs.push(await timeRun(workflow, bare, volume));
  const warm = runs.length > 1 ? runs.slice(1) : runs;
  const of = (name: keyof (typeof runs)[0]): number => median(warm.map((run) => run[name]));
  const rest = of('wholeMs') - of('networkMs');
  reportFigure(
    `Spleen's shape and network, ${slices} of ${SLICES} slices (${of('windows')} windows): whole run`,
    median(warm.map(({ wholeMs, bareMs }) => wholeMs / bareMs)),
    { atMost: 1.15 },
    ' times the bare kernel time',
    `${of('wholeMs').toFixed(0)} ms against ${of('bareMs').toFixed(0)} ms; the network as rewritten here takes ${of('networkMs').toFixed(0)} ms, all else ${rest.toFixed(0)} ms`,
  );
  await bare.release();
  await workflow.network.close();
  await workflow.threads.close();
}

const python = process.env['VOXHOST_MONAI_PYTHON'];
if (python === undefined) {
  console.log('Not measured: VOXHOST_MONAI_PYTHON is not set (benchmarks/README.md).');
} else {
  const folder = await mkdtemp(join(tmpdir(), 'voxhost-bench-'));
  try {
    await main(python, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
