// What stands before and behind a network, beside MONAI 1.6.1 on the same cores: a CT of the spleen bundle's shape (512 ×
// 512 × 90 voxels) to 1.5 × 1.5 × 2 mm, and answers of 2, 14 and 105 classes back to it. Each case runs in a process of its
// own on each side; times are medians, memory is the process's greatest.
//
//   VOXHOST_MONAI_PYTHON=… node --import=tsx benchmarks/spleen-shape.ts [case …]
//
// Answers of 105 classes are of a fifth of the slices: MONAI would need more memory than most machines have.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Image } from '../server/imaging/image.js';
import { contiguousTensor } from '../server/imaging/tensor.js';
import type { Threads } from '../server/imaging/threads.js';
import { imageFromTensor, imageFromVoxels } from '../server/imaging/volume-view.js';
import { cOrderVoxels } from '../server/imaging/voxel-layout.js';
import { isWorthSharing } from '../server/inference/share-answer.js';
import { findOperator, operatorOfStep } from '../server/operators/catalog.js';
import { fuseSteps } from '../server/operators/fuse-steps.js';
import { openThreadPool } from '../server/threads/open-thread-pool.js';
import type { PlainValue, PlannedStep } from '../server/workflows/plan.js';
import { median, reportFigure } from './figures.js';

interface Step {
  readonly transform: string;
  readonly args: Readonly<Record<string, PlainValue>>;
}

interface Case {
  readonly name: string;
  readonly sizes: readonly [number, number, number];
  readonly affine: readonly number[];
  readonly classes: number;
  readonly rounds: number;
  readonly threads: number;
  readonly pre: readonly Step[];
  readonly post: readonly Step[];
  readonly tables: string;
  readonly result: string;
}

const PRE: readonly Step[] = [
  { transform: 'Orientation', args: { axcodes: 'RAS' } },
  { transform: 'Spacing', args: { pixdim: [1.5, 1.5, 2], mode: 'bilinear' } },
  { transform: 'ScaleIntensityRange', args: { a_min: -57, a_max: 164, b_min: 0, b_max: 1, clip: true } },
];
const SOFTMAX: Step = { transform: 'Activations', args: { softmax: true } };
const ARGMAX: Step = { transform: 'AsDiscrete', args: { argmax: true } };
const LINEAR: Step = { transform: 'Invert', args: { nearest_interp: false } };
const NEAREST: Step = { transform: 'Invert', args: { nearest_interp: true } };
const TO_LABELS = [SOFTMAX, LINEAR, ARGMAX];

type CaseText = Pick<Case, 'classes' | 'post' | 'rounds'> & { readonly slices: number; readonly least: number };

/** `least` is how many times MONAI's speed it must be. */
const CASES: Readonly<Record<string, CaseText>> = {
  pre: { classes: 0, slices: 90, post: [], rounds: 5, least: 5 },
  'post-2': { classes: 2, slices: 90, post: TO_LABELS, rounds: 5, least: 10 },
  'post-14': { classes: 14, slices: 90, post: TO_LABELS, rounds: 3, least: 10 },
  'post-105': { classes: 105, slices: 18, post: TO_LABELS, rounds: 1, least: 10 },
  'post-105-nearest': { classes: 105, slices: 18, post: [SOFTMAX, ARGMAX, NEAREST], rounds: 1, least: 10 },
};

function caseOf(name: string, folder: string): Case {
  const { classes, slices, post, rounds } = CASES[name]!;
  return {
    name,
    sizes: [512, 512, slices],
    affine: [-0.793, 0, 0, 203, 0, 0.793, 0, -180, 0, 0, 5, -310, 0, 0, 0, 1],
    classes,
    rounds,
    threads: Number(process.env['T'] ?? availableParallelism()),
    pre: PRE,
    post,
    tables: join(folder, `${name}.tables`),
    result: join(folder, `${name}.result`),
  };
}

function planned({ transform, args }: Step): PlannedStep {
  const operator = findOperator(transform)!;
  const place = { file: 'benchmark', key: transform };
  const defaults = Object.fromEntries(operator.arguments.map(({ name, defaultValue }) => [name, defaultValue ?? null]));
  const orig = transform === 'Invert' ? { orig_keys: 'image' } : {};
  const plannedArgs = operator.plan({ ...defaults, ...args, ...orig }, place) as PlannedStep['args'];
  return { operator: operator.name, keys: ['image'], args: plannedArgs, place };
}

async function apply(steps: readonly PlannedStep[], threads: Threads, image: Image, origin?: Image): Promise<Image> {
  let result = image;
  for (const { operator, args } of steps) {
    const images = new Map([['image', origin ?? result]]);
    const context = { images, threads, throwIfCancelled: () => undefined };
    result = await operatorOfStep(operator)!.apply(result, args, context);
  }
  return result;
}

function volume({ sizes, affine }: Case, threads: Threads): Image {
  const voxels = threads.zeros(Int16Array, sizes[0] * sizes[1] * sizes[2]);
  for (let n = 0; n < voxels.length; n++) voxels[n] = (Math.imul(n, 2654435761) >>> 21) - 1024;
  const header = { sizes, componentType: 'int16', components: 1, indexToWorldLps: affine, modality: 'CT' } as const;
  return { ...imageFromVoxels(voxels, header), affineRas: affine };
}

/** A level background, and slow waves, others for each class: blobs with smooth edges, as a network answers. */
function tablesFor(shape: readonly number[], classes: number): Float32Array {
  const wave = (c: number, axis: number, part: number): number =>
    Math.cos(2 * Math.PI * ((1 + ((c * 7 + axis * 3) % 5) / 2) * part + ((c * 0.618 + axis * 0.37) % 1)));
  const values = shape.flatMap((size, axis) =>
    Array.from({ length: classes * size }, (_, n) =>
      n < size ? 1.75 : 2.2 * wave(Math.floor(n / size), axis, (n % size) / size),
    ),
  );
  return Float32Array.from(values);
}

function prediction(tables: Float32Array, classes: number, shape: readonly number[], threads: Threads): Float32Array {
  const [n0, n1, n2] = shape as [number, number, number];
  const length = classes * n0 * n1 * n2;
  // Where the runner's answer lies.
  const answer = isWorthSharing(classes, 4 * length) ? threads.zeros(Float32Array, length) : new Float32Array(length);
  const [b, d] = [classes * n0, classes * (n0 + n1)];
  let to = 0;
  for (let c = 0; c < classes; c++) {
    for (let x = 0; x < n0; x++) {
      for (let y = 0; y < n1; y++) {
        const both = Math.fround(tables[c * n0 + x]! * tables[b + c * n1 + y]!);
        for (let z = 0; z < n2; z++) answer[to++] = both * tables[d + c * n2 + z]!;
      }
    }
  }
  return answer;
}

/** One side of a case in this process: a round for each line that comes in, its time for each line that goes out. */
async function ours(file: string): Promise<void> {
  const job = JSON.parse(await readFile(file, 'utf8')) as Case;
  const pre = job.pre.map(planned);
  const post = fuseSteps(job.post.map(planned));
  const threads = openThreadPool(job.threads);
  const source = volume(job, threads);
  const origin = await apply(pre, threads, source);
  const tables = tablesFor(origin.sizes, job.classes);
  if (job.classes > 0) await writeFile(job.tables, tables);
  let result = origin;
  const round = async (): Promise<number> => {
    if (job.classes === 0) {
      const start = performance.now();
      const image = await apply(pre, threads, source);
      result = imageFromTensor(contiguousTensor(image), 1, image.sizes, image);
      return performance.now() - start;
    }
    const data = prediction(tables, job.classes, origin.sizes, threads);
    const answer = { ...imageFromTensor(data, job.classes, origin.sizes, origin), applied: [], owned: true };
    const start = performance.now();
    result = await apply(post, threads, answer, origin);
    return performance.now() - start;
  };
  console.log(JSON.stringify({ ready: true }));
  for await (const _ of createInterface({ input: process.stdin })) console.log(JSON.stringify({ ms: await round() }));
  await writeFile(job.result, cOrderVoxels(result));
  console.log(JSON.stringify({ peakMiB: process.resourceUsage().maxRSS / 1024 }));
}

/** A process of one side, which answers each line with a line. */
interface Side {
  /** Milliseconds of one more round. */
  round(): Promise<number>;
  /** Writes the last result, ends, and says how much memory it had at most. */
  finish(): Promise<number>;
}

async function startSide(command: string, args: readonly string[]): Promise<Side> {
  const running = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(running, 'close');
  const lines = createInterface({ input: running.stdout })[Symbol.asyncIterator]();
  const answer = async (): Promise<Readonly<Record<string, number>>> => {
    for (;;) {
      const { value, done } = await lines.next();
      if (done) throw new Error(`${command} ${args.join(' ')} gave no answer`);
      if (value.startsWith('{')) return JSON.parse(value) as Record<string, number>;
    }
  };
  await answer();
  return {
    async round() {
      running.stdin.write('\n');
      return (await answer())['ms']!;
    },
    async finish() {
      running.stdin.end();
      const { peakMiB } = await answer();
      await ended;
      return peakMiB!;
    },
  };
}

/** Voxels that differ, part by part. Both results are raw and of the same type. */
async function countDiffering(a: string, b: string, width: number): Promise<number> {
  const other = createReadStream(b, { highWaterMark: 2 ** 20 })[Symbol.asyncIterator]();
  let differing = 0;
  for await (const part of createReadStream(a, { highWaterMark: 2 ** 20 })) {
    const { value } = await other.next();
    const [mine, theirs] = [part as Buffer, value as Buffer];
    for (let at = 0; at < mine.length; at += width) {
      if (mine.compare(theirs, at, at + width, at, at + width) !== 0) differing++;
    }
  }
  return differing;
}

/** Longer than torch's idle threads keep a core busy after their work. */
const PAUSE_MS = 250;

async function compare(name: string, folder: string, python: string | undefined): Promise<void> {
  const job = caseOf(name, folder);
  const [file, theirFile] = [join(folder, `${name}.json`), join(folder, `${name}.monai.json`)];
  await writeFile(file, JSON.stringify(job));
  await writeFile(theirFile, JSON.stringify({ ...job, result: `${job.result}.monai` }));
  const mine = await startSide(process.execPath, ['--import=tsx', fileURLToPath(import.meta.url), '--ours', file]);
  const script = fileURLToPath(new URL('pre_post_monai.py', import.meta.url));
  // It reads the tables that ours has written by now.
  const theirs = python === undefined ? undefined : await startSide(python, [script, theirFile]);
  // Both are warm: code is compiled and memory is there.
  await mine.round();
  await theirs?.round();
  const [ms, theirMs]: [number[], number[]] = [[], []];
  for (let n = 0; n < job.rounds; n++) {
    ms.push(await mine.round());
    if (theirs) theirMs.push(await theirs.round());
    await setTimeout(PAUSE_MS);
  }
  const memory = await mine.finish();
  const own = `${median(ms).toFixed(0)} ms, ${memory.toFixed(0)} MiB at most`;
  if (!theirs) {
    console.log(`${name}: ${own}`);
    return;
  }
  const theirMemory = await theirs.finish();
  const differing = await countDiffering(job.result, `${job.result}.monai`, job.classes === 0 ? 4 : 1);
  const detail = `${own}; MONAI ${median(theirMs).toFixed(0)} ms, ${theirMemory.toFixed(0)} MiB`;
  const what = `spleen's shape, ${name}`;
  reportFigure(
    `${what}: speed`,
    median(theirMs) / median(ms),
    { atLeast: CASES[name]!.least },
    ' times as fast',
    detail,
  );
  if (job.classes >= 100) {
    reportFigure(`${what}: memory`, memory / theirMemory, { atMost: 1 / 3 }, " of MONAI's", detail);
  }
  reportFigure(`${what}: voxels that differ`, differing, { atMost: 0 }, '', detail);
}

async function main(): Promise<void> {
  const [first, file] = process.argv.slice(2);
  if (first === '--ours') return ours(file!);
  const folder = await mkdtemp(join(tmpdir(), 'voxhost-bench-'));
  const wanted = process.argv.slice(2).length > 0 ? process.argv.slice(2) : Object.keys(CASES);
  try {
    for (const name of wanted) await compare(name, folder, process.env['VOXHOST_MONAI_PYTHON']);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

await main();
