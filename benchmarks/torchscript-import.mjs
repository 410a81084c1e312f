// A process that benchmarks/torchscript.ts measures, on the compiled host.
//
//   import REQUEST.json STATS.json   is the host's own conversion process, and writes what its memory grew by
//   answer MODEL SHAPE FOLDER        opens a network that was converted into FOLDER before as a runner does, its warm-up
//                                    pass included, and answers once
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

const host = new URL('../dist/server/', import.meta.url);
const [task, ...args] = process.argv.slice(2);

/** Largest resident size so far. Node counts it in KiB. */
const peakBytes = () => process.resourceUsage().maxRSS * 1024;

if (task === 'import') {
  const [request, stats] = args;
  await import(new URL('conversion/convert-main.js', host));
  const before = peakBytes();
  process.on('exit', () => writeFileSync(stats, JSON.stringify({ grownBytes: peakBytes() - before })));
  process.emit('message', JSON.parse(readFileSync(request, 'utf8')));
} else {
  const [modelFile, shape, folder] = args;
  const sizes = JSON.parse(shape);
  const { convertTorchScript } = await import(new URL('conversion/convert.js', host));
  const { openNetwork } = await import(new URL('inference/open-network.js', host));
  const found = await convertTorchScript({ modelFile, fileName: 'model.ts', inputShapes: [sizes], folder });
  if (!found.wasKept) throw new Error('The network was to be converted before.');
  const [, inChannels, ...spatialSizes] = sizes;
  const network = await openNetwork({
    modelFile: found.onnxFile,
    fileName: 'model.ts',
    device: 'cpu',
    threads: availableParallelism(),
    expected: { inChannels, outChannels: 2, spatialSizes },
    onAttempt: () => undefined,
  });
  const count = sizes.reduce((product, size) => product * size, 1);
  await network.run({ dims: sizes, data: new Float32Array(count).fill(0.5) });
  process.send('answered');
  process.disconnect();
}
