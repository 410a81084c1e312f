// What is told of an imported network: its class, its inputs and outputs, its weights, the operators it calls.
import { DTYPES } from './dtypes.js';
import type { Evaluated } from './evaluate/run-network.js';
import { elementCount } from './graph/constant.js';
import type { EmittedModel } from './graph/emit.js';
import { nameSize } from './graph/emit.js';
import type { Program } from './graph/prune.js';
import type { SizeNumber } from './graph/sizes.js';
import type { Unified } from './graph/unify.js';
import type { Pickled } from './pickle/pickled.js';
import type { ReadArchive } from './read-source.js';

export interface NetworkReport {
  /** The network's class as its author named it, such as `monai.networks.nets.unet.UNet`. */
  readonly network: string;
  /** The version of the file's format. */
  readonly formatVersion: number;
  readonly inputs: readonly TensorReport[];
  readonly outputs: readonly TensorReport[];
  /** Numbers in the weights that the result uses, and their bytes. */
  readonly parameters: number;
  readonly weightBytes: number;
  /** Calls of each operator of torch, most called first. */
  readonly operators: readonly { readonly name: string; readonly calls: number }[];
  readonly onnxNodes: number;
  readonly opset: number;
  /** Absent: any batch size goes. Otherwise why it is fixed. */
  readonly fixedBatch?: string;
  /** The file was saved in training mode; it is evaluated as after `eval()`. */
  readonly wasTraining: boolean;
  /** Names of the extra files in the archive, such as MONAI's `metadata.json`. */
  readonly extraFiles: readonly string[];
  /** Steps that the evaluation took. */
  readonly steps: number;
}

export interface TensorReport {
  readonly name: string;
  readonly dtype: string;
  /** For the shapes that were asked for, or for some of those that open axes may have. */
  readonly shape: readonly number[];
  /** Present where axes are open: sizes as the ONNX model declares them, such as `16*i`. */
  readonly dims?: readonly string[];
}

export function describeNetwork(of: {
  readonly read: ReadArchive;
  readonly evaluated: Evaluated;
  readonly program: Program;
  /** Present where axes are open: `program` is its first recording then. */
  readonly opened?: Unified | undefined;
  readonly emitted: EmittedModel;
  readonly fixedBatch?: string | undefined;
}): NetworkReport {
  const { read, evaluated, program, opened, emitted, fixedBatch } = of;
  const describe = (name: string, ref: number, sizes: readonly SizeNumber[] | undefined): TensorReport => {
    const { dtype, shape } = program.values[ref]!;
    const dims = sizes?.map((size) => nameSize(size, opened!.openSizes));
    return { name, dtype, shape, ...(dims ? { dims } : {}) };
  };
  const used = new Set(program.nodes.flatMap((node) => node.inputs));
  const weights = program.values.filter((value, ref) => value.constant !== undefined && used.has(ref));
  const counts = weights.map(({ dtype, shape }) => ({ count: elementCount(shape), size: DTYPES[dtype].sizeBytes }));
  return {
    network: typeOf(read.source.data),
    formatVersion: read.formatVersion,
    inputs: program.inputs.map((ref, index) =>
      describe(evaluated.inputNames[index] ?? '', ref, opened?.inputSizes[index]),
    ),
    outputs: program.outputs.map(({ name, ref }, index) => describe(name, ref, opened?.outputSizes[index])),
    parameters: counts.reduce((sum, { count }) => sum + count, 0),
    weightBytes: counts.reduce((sum, { count, size }) => sum + count * size, 0),
    operators: [...evaluated.called]
      .map(([name, calls]) => ({ name, calls }))
      .sort((a, b) => b.calls - a.calls || (a.name < b.name ? -1 : 1)),
    onnxNodes: emitted.nodeCount,
    opset: emitted.opset,
    ...(fixedBatch === undefined ? {} : { fixedBatch }),
    wasTraining: attributeOf(read.source.data, 'training') === true,
    extraFiles: read.archive.records
      .filter((record) => record.startsWith('extra/'))
      .map((record) => record.slice('extra/'.length)),
    steps: evaluated.steps,
  };
}

/** The class without what PyTorch puts before and into its name. */
function typeOf(data: Pickled): string {
  if (typeof data !== 'object' || data?.kind !== 'object') return '';
  return data.typeName
    .split('.')
    .filter((part) => part !== '__torch__' && !part.startsWith('___torch_mangle_'))
    .join('.');
}

function attributeOf(data: Pickled, name: string): Pickled | undefined {
  if (typeof data !== 'object' || data?.kind !== 'object') return undefined;
  const { state } = data;
  if (typeof state !== 'object' || state?.kind !== 'dict') return undefined;
  return state.entries.find(([key]) => key === name)?.[1];
}
