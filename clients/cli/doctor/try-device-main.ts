// The process in which `voxhost doctor` tries one device: a driver that crashes takes only this process along.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createOnnxCodec } from '../../../server/inference/onnx/codec.js';
import { DATA_TYPE } from '../../../server/inference/onnx/messages.js';
import { makeNode } from '../../../server/inference/onnx/nodes.js';
import { floatTensor } from '../../../server/inference/onnx/tensors.js';
import { openNetwork } from '../../../server/inference/open-network.js';

const SIZE = 16;

process.once('disconnect', () => process.exit());
const answer = await tryDevice(process.argv[2]!).catch((error: unknown) => String(error));
process.send?.(answer, () => process.exit());

/** Runs a small convolution on a device. @returns why it does not work; empty when it does. */
async function tryDevice(device: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'voxhost-doctor-'));
  const modelFile = join(folder, 'model.onnx');
  let reason = '';
  try {
    await writeFile(modelFile, smallModel());
    const expected = { inChannels: 1, outChannels: 1, spatialSizes: [SIZE, SIZE, SIZE] };
    const onAttempt = (attempt: { reason: string }) => {
      reason = attempt.reason;
    };
    await openNetwork({ modelFile, fileName: 'model.onnx', device, threads: 1, expected, onAttempt });
    return '';
  } catch (error) {
    return reason || (error as Error).message;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** One 3×3×3 convolution: what every segmentation network is made of. */
function smallModel(): Uint8Array {
  const dims = [1, 1, SIZE, SIZE, SIZE].map((dimValue) => ({ dimValue }));
  const value = (name: string) => ({
    name,
    type: { tensorType: { elemType: DATA_TYPE.float32, shape: { dim: dims } } },
  });
  return createOnnxCodec().encode({
    irVersion: 8,
    producerName: 'voxhost doctor',
    opsetImport: [{ domain: '', version: 17 }],
    graph: {
      name: 'convolution',
      node: [makeNode('Conv', ['image', 'kernel'], 'pred', { pads: [1, 1, 1, 1, 1, 1] })],
      initializer: [floatTensor('kernel', [1, 1, 3, 3, 3], new Float32Array(27).fill(1 / 27))],
      input: [value('image')],
      output: [value('pred')],
      valueInfo: [],
    },
  });
}
