// TorchScript imported: the network's time beside the ONNX file of torch's own exporter, seconds and memory of the
// import, and the time to a first answer beside torch.jit.load in a new Python process. After `make build`:
//
//   node --import=tsx benchmarks/torchscript.ts [rounds]
//
// The comparison with torch, and a large network to import, need VOXHOST_MONAI_PYTHON: a Python with what
// test/golden/torchscript/requirements.txt lists.
import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { sessionOptions } from '../server/inference/session-options.js';
import { median, reportFigure, round } from './figures.js';
import { ROOT } from './host-process.js';

type Conversion = typeof import('../server/conversion/convert.js');
type ConversionProcess = typeof import('../server/conversion/conversion-process.js');

const rounds = Number(process.argv[2] ?? 7);
const python = process.env['VOXHOST_MONAI_PYTHON'];
const worker = join(ROOT, 'benchmarks', 'torchscript-import.mjs');
const torchSide = join(ROOT, 'benchmarks', 'torchscript_side.py');
const compiled = (file: string) => new URL(`../dist/server/conversion/${file}`, import.meta.url).href;
const { convertTorchScript } = (await import(compiled('convert.js'))) as Conversion;
const { processFlags } = (await import(compiled('conversion-process.js'))) as ConversionProcess;

interface Network {
  readonly name: string;
  readonly file: string;
  readonly shape: readonly number[];
}

const deepbet: Network = {
  name: 'deepbet',
  file: join(ROOT, 'test', 'fixtures', 'torchscript', 'brain_extraction_deepbet.zip'),
  shape: [1, 1, 128, 128, 128],
};
/** torch's own exporter wrote it, from the same weights. */
const exported = join(ROOT, 'examples', 'workflows', 'brain_extraction_deepbet', 'models', 'model.onnx');

const folder = mkdtempSync(join(tmpdir(), 'voxhost-torchscript-'));
const converted = join(folder, 'converted');
try {
  const onnxFile = await measureImport(deepbet, 2);
  await compareKernels(onnxFile);
  if (python) await compareFirstAnswers(python);
  if (python) await measureImport(makeLargeNetwork(python), 10);
  else console.log('VOXHOST_MONAI_PYTHON is not set: no comparison with torch.jit.load, no large network');
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** As the host does it, process and all; then once more in the same process, watched. @returns The ONNX file. */
async function measureImport({ name, file, shape }: Network, atMost: number): Promise<string> {
  const started = performance.now();
  const { onnxFile } = await convertTorchScript({
    modelFile: file,
    fileName: name,
    inputShapes: [shape],
    folder: converted,
  });
  const seconds = (performance.now() - started) / 1000;
  const size = statSync(file).size;
  reportFigure(`Import of ${name}`, seconds, { atMost }, ' s', `a file of ${round(size / 1e6)} MB`);

  const [request, stats, outputFolder] = ['request.json', 'stats.json', 'watched'].map((own) => join(folder, own));
  mkdirSync(outputFolder!, { recursive: true });
  writeFileSync(request!, JSON.stringify({ modelFile: file, inputShapes: [shape], outputFolder }));
  const child = fork(worker, ['import', request!, stats!], { execArgv: processFlags() });
  await once(child, 'exit');
  rmSync(outputFolder!, { recursive: true });
  const { grownBytes } = JSON.parse(readFileSync(stats!, 'utf8')) as { grownBytes: number };
  const detail = `${round(grownBytes / 1e6)} MB more than before it read the file`;
  reportFigure(`Memory of the import of ${name}`, grownBytes / size, { atMost: 2.5 }, ' times the file', detail);
  return onnxFile;
}

async function compareKernels(imported: string): Promise<void> {
  // Threads of ONNX Runtime that spin after a pass would slow the other's: both as the host opens its networks.
  const options = sessionOptions('cpu', availableParallelism());
  const [ours, theirs] = await Promise.all([imported, exported].map((file) => InferenceSession.create(file, options)));
  const count = deepbet.shape.reduce((product, size) => product * size, 1);
  const numbers = Float32Array.from({ length: count }, (_, at) => (at % 97) / 97);
  const image = new Tensor('float32', numbers, deepbet.shape);
  const time = async (session: InferenceSession): Promise<number> => {
    const started = performance.now();
    await session.run({ [session.inputNames[0]!]: image });
    return performance.now() - started;
  };
  await time(ours!);
  await time(theirs!);
  const turns: { own: number; other: number }[] = [];
  for (let turn = 0; turn < rounds; turn++) {
    // Each is first every other time: what one leaves behind in the caches is met by both.
    const first = turn % 2 === 0 ? await time(ours!) : undefined;
    const other = await time(theirs!);
    turns.push({ own: first ?? (await time(ours!)), other });
  }
  const ratios = turns.map(({ own, other }) => own / other);
  const typical = [turns.map(({ own }) => own), turns.map(({ other }) => other)].map((times) => round(median(times)));
  const spread = `${typical.join(' ms beside ')} ms; ${round(Math.min(...ratios))} to ${round(Math.max(...ratios))} in ${rounds} turns`;
  reportFigure("Imported deepbet beside torch's own ONNX", median(ratios), { atMost: 1.05 }, ' times the time', spread);
}

/**
 * From the start of a new process to its first answer, a pass to warm up before it on both sides: ours with the network
 * converted before, torch's in Python.
 */
async function compareFirstAnswers(torch: string): Promise<void> {
  const turns: { ours: number; theirs: number }[] = [];
  for (let turn = 0; turn < 3; turn++) {
    const started = performance.now();
    const child = fork(worker, ['answer', deepbet.file, JSON.stringify(deepbet.shape), converted]);
    const [answer] = (await Promise.race([once(child, 'message'), once(child, 'exit')])) as [unknown];
    if (answer !== 'answered') throw new Error(`no answer: ${String(answer)}`);
    const ours = (performance.now() - started) / 1000;
    await once(child, 'exit');
    const startedTorch = performance.now();
    execFileSync(torch, [torchSide, 'answer', deepbet.file, deepbet.shape.join()]);
    turns.push({ ours, theirs: (performance.now() - startedTorch) / 1000 });
  }
  const [ours, theirs] = [median(turns.map((one) => one.ours)), median(turns.map((one) => one.theirs))];
  const detail = `${round(ours)} s beside ${round(theirs)} s, median of ${turns.length}`;
  reportFigure(
    'First answer of deepbet beside torch.jit.load',
    theirs / ours,
    { atLeast: 3 },
    ' times as fast',
    detail,
  );
}

function makeLargeNetwork(torch: string): Network {
  const file = join(folder, 'swin.pt');
  execFileSync(torch, [torchSide, 'make', file], { stdio: ['ignore', 'ignore', 'pipe'] });
  return { name: 'a SwinUNETR of 62 million parameters', file, shape: [1, 1, 64, 64, 64] };
}
