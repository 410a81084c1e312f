// The process that converts one TorchScript file: started by conversion-process.ts, which ends it when it takes too long.
import { open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { importTorchScript, TorchScriptError } from '../torchscript/import.js';
import {
  type ConvertAnswer,
  type ConvertOutcome,
  type ConvertRequest,
  ONNX_FILE,
  REPORT_FILE,
  WEIGHTS_FILE,
} from './messages.js';

/** More at once no platform reads. */
const MAX_READ_BYTES = 2 ** 30;

process.on('disconnect', () => process.exit());
process.once('message', async (message) => {
  const outcome = await convert(message as ConvertRequest);
  const answer: ConvertAnswer = { ...outcome, peakMemoryBytes: await peakMemoryBytes() };
  process.send!(answer, () => process.exit());
});

async function convert({ modelFile, inputShapes, outputFolder }: ConvertRequest): Promise<ConvertOutcome> {
  const bytes = await readWhole(modelFile);
  try {
    const { onnx, external, report } = importTorchScript(bytes, {
      inputShapes,
      batch: 'dynamic',
      externalLocation: WEIGHTS_FILE,
      // Weights that lie out of order are copied: once over, and no more than that.
      limits: { maxCopiedBytes: bytes.length + 64 * 2 ** 20 },
    });
    await writePieces(join(outputFolder, ONNX_FILE), onnx);
    if (external.length > 0) await writePieces(join(outputFolder, WEIGHTS_FILE), external);
    await writeFile(join(outputFolder, REPORT_FILE), `${JSON.stringify(report, null, 2)}\n`);
    return { report };
  } catch (error) {
    if (!(error instanceof TorchScriptError)) throw error;
    const { problem, where, detail } = error;
    return { failure: { problem, where, detail } };
  }
}

/** Linux counts the process that started this one into `maxRSS`, and tells its own elsewhere. */
async function peakMemoryBytes(): Promise<number> {
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '');
  const own = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  return (own === undefined ? process.resourceUsage().maxRSS : Number(own)) * 1024;
}

/** Into one buffer of its size: `readFile` holds a large file twice, and none beyond 2 GiB. */
async function readWhole(file: string): Promise<Buffer> {
  const handle = await open(file, 'r');
  try {
    const bytes = Buffer.allocUnsafeSlow((await handle.stat()).size);
    let end = 0;
    while (end < bytes.length) {
      const { bytesRead } = await handle.read(bytes, end, Math.min(bytes.length - end, MAX_READ_BYTES), end);
      if (bytesRead === 0) break;
      end += bytesRead;
    }
    return bytes.subarray(0, end);
  } finally {
    await handle.close();
  }
}

async function writePieces(file: string, pieces: readonly Uint8Array[]): Promise<void> {
  const handle = await open(file, 'wx');
  try {
    for (const piece of pieces) await handle.writeFile(piece);
  } finally {
    await handle.close();
  }
}
