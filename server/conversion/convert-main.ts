// The process that converts one TorchScript file: started by convert.ts, which ends it when it takes too long.
import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { importTorchScript, TorchScriptError } from '../torchscript/import.js';
import { type ConvertAnswer, type ConvertRequest, ONNX_FILE, REPORT_FILE, WEIGHTS_FILE } from './messages.js';

/** More at once no platform reads. */
const MAX_READ_BYTES = 2 ** 30;

process.on('disconnect', () => process.exit());
process.once('message', async (message) => {
  const answer = await convert(message as ConvertRequest);
  process.send!(answer, () => process.exit());
});

async function convert({ modelFile, inputShapes, outputFolder }: ConvertRequest): Promise<ConvertAnswer> {
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
