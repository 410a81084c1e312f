// What a model takes and gives, as its file says.
import { EXTERNAL, type OnnxGraph, type OnnxModel, type OnnxTensor, type OnnxValue } from './messages.js';
import { toNumber } from './tensors.js';

/** One input or output. `undefined` stands for a size that the file leaves open. */
export interface ModelValue {
  readonly name: string;
  /** `TensorProto.DataType`: 1 is float32. */
  readonly dataType: number;
  /** Absent when the file says nothing of the shape, not even how many axes. */
  readonly dims?: readonly (number | undefined)[];
  /** What each size must be a multiple of, where the names of open sizes tell, such as `16*i`; 1 elsewhere. */
  readonly steps?: readonly number[];
}

export interface ModelInterface {
  /** Inputs that a caller must give: those that are no constants of the file. */
  readonly inputs: readonly ModelValue[];
  readonly outputs: readonly ModelValue[];
  /** Version of ONNX's own operators. */
  readonly opset: number;
  /** Relative paths of the files with the model's weights, when they are not in the file itself. */
  readonly externalFiles: readonly string[];
}

export function inspectModel(model: OnnxModel): ModelInterface {
  const { graph } = model;
  const constants = new Set(graph.initializer.map((tensor) => tensor.name));
  const own = model.opsetImport.find((opset) => !opset.domain || opset.domain === 'ai.onnx');
  const locations = tensorsOf(graph)
    .filter((tensor) => tensor.dataLocation === EXTERNAL)
    .map((tensor) => tensor.externalData?.find((entry) => entry.key === 'location')?.value ?? '');
  return {
    inputs: graph.input.filter((value) => !constants.has(value.name)).map(readValue),
    outputs: graph.output.map(readValue),
    opset: own ? toNumber(own.version) : 0,
    externalFiles: [...new Set(locations)],
  };
}

/** Every tensor of a graph, those in its nodes' attributes and in the graphs inside them included. */
function tensorsOf(graph: OnnxGraph): readonly OnnxTensor[] {
  const inNodes = graph.node.flatMap((node) =>
    node.attribute.flatMap(({ t, tensors = [], g, graphs = [] }) => [
      ...(t ? [t] : []),
      ...tensors,
      ...[...(g ? [g] : []), ...graphs].flatMap(tensorsOf),
    ]),
  );
  return [...graph.initializer, ...inNodes];
}

/** A size that is a multiple of a number: as this host's importer of TorchScript names them, and torch's exporter. */
const MULTIPLE = /^([1-9]\d{0,3})\*[A-Za-z_]\w*$/;

function readValue(value: OnnxValue): ModelValue {
  const tensor = value.type?.tensorType;
  const dims = tensor?.shape?.dim.map(({ dimValue }) => {
    const size = dimValue === undefined ? 0 : toNumber(dimValue);
    return size > 0 ? size : undefined;
  });
  const steps = tensor?.shape?.dim.map(({ dimParam = '' }) => Number(MULTIPLE.exec(dimParam)?.[1] ?? 1));
  const areSteps = steps?.some((step) => step > 1) ?? false;
  return {
    name: value.name,
    dataType: tensor?.elemType ?? 0,
    ...(dims ? { dims } : {}),
    ...(steps && areSteps ? { steps } : {}),
  };
}

/** A shape as people write it: `[1, 2, ?, ?, ?]`. */
export function showDims(dims: readonly (number | undefined)[] | undefined): string {
  return dims ? `[${dims.map((size) => size ?? '?').join(', ')}]` : 'of any shape';
}
