// The process that converts one TorchScript file: started by convert.ts, which ends it when it takes too long.
import { open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { importTorchScript, TorchScriptError } from '../torchscript/import.js';
import { type ConvertAnswer, type ConvertRequest, ONNX_FILE, REPORT_FILE, WEIGHTS_FILE } from './messages.js';

process.on('disconnect', () => process.exit());
process.once('message', async (message) => {
  const answer = await convert(message as ConvertRequest);
  process.send!(answer, () => process.exit());
});

async function convert({ modelFile, inputShapes, outputFolder }: ConvertRequest): Promise<ConvertAnswer> {
  const bytes = await readFile(modelFile);
  try {
    const { onnx, external, report } = importTorchScript(bytes, {
      inputShapes,
      batch: 'dynamic',
      externalLocation: WEIGHTS_FILE,
      // Weights that lie out of order are copied: once over, and no more than that.
      limits: { maxCopiedBytes: bytes.length + 64 * 2 ** 20 },
    });
    await writeFile(join(outputFolder, ONNX_FILE), onnx);
    if (external.length > 0) await writePieces(join(outputFolder, WEIGHTS_FILE), external);
    await writeFile(join(outputFolder, REPORT_FILE), `${JSON.stringify(report, null, 2)}\n`);
    return { report };
  } catch (error) {
    if (!(error instanceof TorchScriptError)) throw error;
    const { problem, where, detail } = error;
    return { failure: { problem, where, detail } };
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
