// Checks a model's interface against what its bundle says of it, before anything is loaded.
import { InvalidBundle, Unsupported } from '../errors.js';
import { type ModelInterface, type ModelValue, showDims } from './onnx/inspect.js';
import { DATA_TYPE } from './onnx/messages.js';

/** What a bundle expects of its network. */
export interface ExpectedNetwork {
  readonly inChannels: number;
  readonly outChannels: number;
  /** Sizes that each pass will have, along the spatial axes; undefined where they follow from the image. */
  readonly spatialSizes: readonly (number | undefined)[];
  /** True when the answer may have other sizes than what goes in: a classification, say. */
  readonly anyAnswerSize?: boolean;
}

/** The one input and the output that a workflow uses. */
export interface UsedValues {
  readonly input: ModelValue & { readonly dims: readonly (number | undefined)[] };
  readonly output: ModelValue;
}

/** The names that a session is called with. */
export function namesOf({ input, output }: UsedValues): { readonly input: string; readonly output: string } {
  return { input: input.name, output: output.name };
}

/**
 * Picks the input and the output, and compares them with what is expected. `file` names the model in messages.
 * @throws InvalidBundle naming the file, what it has and what was expected; Unsupported.
 */
export function checkModel(model: ModelInterface, expected: ExpectedNetwork, file: string): UsedValues {
  const invalid = (message: string) => new InvalidBundle({ file }, message);
  if (model.inputs.length !== 1) {
    const names = model.inputs.map((value) => value.name).join(', ');
    throw new Unsupported(`a network with ${model.inputs.length} inputs (${names})`, { file, key: 'graph inputs' });
  }
  const input = model.inputs[0]!;
  const output = model.outputs.find((value) => value.name === 'pred') ?? model.outputs[0];
  if (!output) throw invalid('the model has no output');
  for (const value of [input, output]) {
    if (!(Object.values(DATA_TYPE) as number[]).includes(value.dataType)) {
      throw invalid(`"${value.name}" is no tensor of numbers (ONNX data type ${value.dataType})`);
    }
  }
  const wanted = [undefined, expected.inChannels, ...expected.spatialSizes];
  const dims = input.dims ?? wanted.map(() => undefined);
  if (!fits(dims, wanted)) {
    throw invalid(`its input "${input.name}" is ${showDims(dims)}, but the bundle feeds it ${showDims(wanted)}`);
  }
  checkOutput(output.name, output.dims, answerSizes(undefined, expected, expected.spatialSizes, output.dims), file);
  return { input: { ...input, dims }, output };
}

/** [batch, channels, sizes…] of an answer; undefined where anything will do. `dims` are those that it has. */
export function answerSizes(
  batch: number | undefined,
  expected: ExpectedNetwork,
  sizes: readonly (number | undefined)[],
  dims: readonly (number | undefined)[] = [],
): readonly (number | undefined)[] {
  const spatial = expected.anyAnswerSize ? dims.slice(2).map(() => undefined) : sizes;
  return [batch, expected.outChannels, ...spatial];
}

/** Compares an output's sizes, declared or seen, with [batch, channels, sizes…]. @throws InvalidBundle */
export function checkOutput(
  name: string,
  dims: readonly (number | undefined)[] | undefined,
  wanted: readonly (number | undefined)[],
  file: string,
): void {
  if (dims && !fits(dims, wanted)) {
    throw new InvalidBundle(
      { file },
      `its output "${name}" is ${showDims(dims)}, but the bundle expects ${showDims(wanted)}`,
    );
  }
}

function fits(dims: readonly (number | undefined)[], wanted: readonly (number | undefined)[]): boolean {
  return (
    dims.length === wanted.length &&
    dims.every((size, axis) => size === undefined || wanted[axis] === undefined || size === wanted[axis])
  );
}
