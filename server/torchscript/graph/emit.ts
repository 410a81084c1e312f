// A program as an ONNX file: nodes, weights, and sizes that follow those which are open.
import { DTYPES, type DType } from '../dtypes.js';
import type { Constant } from './constant.js';
import { emitSizeNumbers, reshapeWithoutSizes, type SizeNumbers } from './emit-sizes.js';
import type { GraphNode, Ref } from './graph.js';
import { encodeModel, type OnnxAttribute, type OnnxNode, type OnnxTensor, type OnnxValue } from './onnx-schema.js';
import { toOpset } from './opset.js';
import type { Program } from './prune.js';
import type { OpenSize, SizeNumber } from './sizes.js';
import type { Unified } from './unify.js';

export interface EmitOptions {
  readonly producerVersion: string;
  /** The name of the file that takes the weights when the model would be too large for one. */
  readonly externalLocation: string;
  /** Weights of more bytes go into a file of their own: protobuf ends at 2 GiB. */
  readonly maxInlineBytes?: number;
}

export interface EmittedModel {
  /** The file, piece by piece. Weights are views, no copies. */
  readonly model: readonly Uint8Array[];
  /** What the file `externalLocation` holds, piece by piece; empty when everything is in the model. Views, no copies. */
  readonly external: readonly Uint8Array[];
  readonly opset: number;
  readonly nodeCount: number;
}

const MAX_INLINE_BYTES = 1_900_000_000;
/** Where mapped files may start to be read. */
const EXTERNAL_ALIGNMENT_BYTES = 4096;
/** Smaller constants stay in the model: shapes and axes are read before any file. */
const MIN_EXTERNAL_BYTES = 1024;

export function emitModel(source: Program | Unified, options: EmitOptions): EmittedModel {
  const unified = 'program' in source ? source : undefined;
  const { program, opset } = toOpset(unified?.program ?? (source as Program));
  const names = nameValues(program);
  const constants = new Map<Ref, Constant>();
  const use = (ref: Ref): string => {
    const { constant } = program.values[ref]!;
    if (constant) constants.set(ref, constant);
    return names(ref);
  };

  const open: SizeNumbers | undefined = unified && emitSizeNumbers(unified, names);
  const body: OnnxNode[] = [];
  for (const node of program.nodes) {
    const input = node.inputs.map((ref, index) => {
      if (ref === undefined) return '';
      const wide = unified?.spread.get(ref);
      if (open && wide) return open.spread(ref, wide);
      const depends = unified?.numbers.get(ref);
      if (!open || !depends) return use(ref);
      const plain = node.opType === 'Reshape' && index === 1 ? reshapeWithoutSizes(depends) : undefined;
      return plain ? open.plain(plain) : open.vector(ref, depends);
    });
    body.push({ name: '', opType: node.opType, input, output: node.outputs.map(names), attribute: attributesOf(node) });
  }
  for (const output of program.outputs) {
    if (names(output.ref) === output.name) continue;
    const wide = unified?.spread.get(output.ref);
    body.push(identity(open && wide ? open.spread(output.ref, wide) : use(output.ref), output.name));
  }

  const tensors = [...constants].map(([ref, constant]) => ({ name: names(ref), constant }));
  const all = [...(open?.constants ?? []), ...tensors];
  const { initializer, external } = placeWeights(all, options);
  const model = encodeModel({
    irVersion: 8,
    producerName: 'voxhost torchscript',
    producerVersion: options.producerVersion,
    opsetImport: [{ domain: '', version: opset }],
    graph: {
      name: 'torchscript',
      node: [...(open?.nodes ?? []), ...body],
      initializer,
      input: program.inputs.map((ref, index) =>
        describeValue(names(ref), program, ref, unified, unified?.inputSizes[index]),
      ),
      output: program.outputs.map(({ name, ref }, index) =>
        describeValue(name, program, ref, unified, unified?.outputSizes[index]),
      ),
    },
  });
  return { model, external, opset, nodeCount: body.length };
}

/** Names of ours have a dot, which no parameter of Python has. Inputs and outputs have names of their own; an output that is an input, a constant or another output is copied. */
function nameValues(program: Program): (ref: Ref) => string {
  const taken = new Map<Ref, string>();
  for (const { name, ref } of program.outputs) {
    const { inputName, constant } = program.values[ref]!;
    if (inputName === undefined && !constant && !taken.has(ref)) taken.set(ref, name);
  }
  return (ref) =>
    program.values[ref]!.inputName ??
    taken.get(ref) ??
    `${program.values[ref]!.constant ? 'constant' : 'value'}.${ref}`;
}

function identity(from: string, to: string): OnnxNode {
  return { name: '', opType: 'Identity', input: [from], output: [to], attribute: [] };
}

function placeWeights(
  tensors: readonly { readonly name: string; readonly constant: Constant }[],
  options: EmitOptions,
): { initializer: OnnxTensor[]; external: Uint8Array[] } {
  const total = tensors.reduce((sum, { constant }) => sum + constant.bytes.byteLength, 0);
  const isExternal = total > (options.maxInlineBytes ?? MAX_INLINE_BYTES);
  const external: Uint8Array[] = [];
  let offset = 0;
  const initializer = tensors.map(({ name, constant }): OnnxTensor => {
    const { bytes, dtype, shape } = constant;
    const facts = { name, dims: shape, dataType: DTYPES[dtype].onnx };
    if (!isExternal || bytes.byteLength < MIN_EXTERNAL_BYTES) return { ...facts, rawData: bytes };
    const padding = (EXTERNAL_ALIGNMENT_BYTES - (offset % EXTERNAL_ALIGNMENT_BYTES)) % EXTERNAL_ALIGNMENT_BYTES;
    if (padding > 0) external.push(new Uint8Array(padding));
    external.push(bytes);
    offset += padding + bytes.byteLength;
    const externalData = Object.entries({
      location: options.externalLocation,
      offset: String(offset - bytes.byteLength),
      length: String(bytes.byteLength),
    }).map(([key, value]) => ({ key, value }));
    return { ...facts, dataLocation: 1, externalData };
  });
  return { initializer, external };
}

function describeValue(
  name: string,
  program: Program,
  ref: Ref,
  unified: Unified | undefined,
  sizes: readonly SizeNumber[] | undefined,
): OnnxValue {
  const { dtype, shape } = program.values[ref]!;
  const dim = shape.map((size, axis) => {
    const found = sizes?.[axis];
    if (unified === undefined || found === undefined || found.factor === 0) return { dimValue: size };
    return { dimParam: nameSize(found, unified.openSizes) };
  });
  return { name, type: { tensorType: { elemType: DTYPES[dtype].onnx, shape: { dim } } } };
}

/** Such as `batch`, `16*i`, `2*j*k+1`. */
export function nameSize({ factor, of, offset }: SizeNumber, openSizes: readonly OpenSize[]): string {
  if (factor === 0) return String(offset);
  const product = of.map((index) => openSizes[index]!.name).join('*');
  const multiple = factor === 1 ? product : `${factor}*${product}`;
  return offset === 0 ? multiple : `${multiple}${offset > 0 ? '+' : ''}${offset}`;
}

function attributesOf(node: GraphNode): OnnxAttribute[] {
  return Object.entries(node.attributes).map(([name, value]): OnnxAttribute => {
    if (node.opType === 'Cast' && name === 'to') return { name, type: 2, i: DTYPES[value as DType].onnx };
    if (typeof value === 'number') return { name, type: 2, i: value };
    if (typeof value === 'string') return { name, type: 3, s: Buffer.from(value) };
    if ('float' in value) return { name, type: 1, f: value.float };
    if (isTexts(value)) return { name, type: 8, strings: value.map((text) => Buffer.from(text)) };
    return { name, type: 7, ints: value };
  });
}

function isTexts(value: readonly number[] | readonly string[]): value is readonly string[] {
  return typeof value[0] === 'string';
}
