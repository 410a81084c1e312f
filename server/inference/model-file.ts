// A bundle's model file: read, checked against the bundle, and made ready for a device.
import { readFile } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { InvalidBundle } from '../errors.js';
import { checkModel, type ExpectedNetwork, type UsedValues } from './check-model.js';
import { createOnnxCodec } from './onnx/codec.js';
import { inspectModel } from './onnx/inspect.js';
import type { OnnxModel } from './onnx/messages.js';
import { rewritesFor } from './rewrites/catalog.js';
import { withFloatEdges } from './rewrites/float-edges.js';
import { rewriteModel } from './rewrites/rewrite.js';

export interface ModelFile {
  readonly used: UsedValues;
  /** What ONNX Runtime is to load on a device: the bytes of the rewritten model, or the path of one left as it is. */
  forDevice(device: string): Uint8Array | string;
}

/**
 * Reads a model and compares it with its bundle. A model whose weights lie in files beside it is left as it is, for
 * ONNX Runtime to read by itself. `fileName` is how messages call the file.
 * @throws InvalidBundle; Unsupported
 */
export async function readModelFile(file: string, fileName: string, expected: ExpectedNetwork): Promise<ModelFile> {
  const codec = createOnnxCodec();
  let model: OnnxModel;
  try {
    model = codec.decode(await readFile(file));
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : 'it is no ONNX model';
    throw new InvalidBundle({ file: fileName }, why, { cause: error });
  }
  const found = inspectModel(model);
  const outside = found.externalFiles.find(leavesFolder);
  if (outside !== undefined) {
    throw new InvalidBundle({ file: fileName }, `its weights lie outside the bundle, in "${outside}"`);
  }
  return {
    used: checkModel(found, expected, fileName),
    forDevice: (device) =>
      found.externalFiles.length > 0
        ? file
        : codec.encode(rewriteModel(withFloatEdges(model), rewritesFor(device)).model),
  };
}

function leavesFolder(path: string): boolean {
  return path === '' || isAbsolute(path) || path.split(/[\\/]/).includes('..');
}
