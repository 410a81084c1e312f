// The straight line of ONNX nodes that a program becomes. Nodes whose inputs are all constant and small are computed at once.
import { DTYPES, type DType } from '../dtypes.js';
import { type Constant, elementCount, makeConstant } from './constant.js';
import { foldNode, numbersToFold } from './fold.js';
import { Tensor } from './tensor.js';

/** A value of a graph: an index into its values. */
export type Ref = number;

/** An attribute of a node: a whole number, a list of them, a text, a list of texts, or `{ float }`. */
export type AttributeValue = number | readonly number[] | string | readonly string[] | { readonly float: number };

export interface ValueFacts {
  readonly dtype: DType;
  readonly shape: readonly number[];
}

export interface GraphValue extends ValueFacts {
  readonly constant?: Constant;
  /** The name of an input of the network. */
  readonly inputName?: string;
}

export interface GraphNode {
  /** One of ONNX's own operators, in the form that opset 17 has. */
  readonly opType: string;
  /** Undefined: an optional input that is left out. */
  readonly inputs: readonly (Ref | undefined)[];
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  readonly outputs: readonly Ref[];
  /** The call of the program that it comes from, where one is set: for messages. */
  readonly origin: string;
}

export interface GraphOutput {
  readonly name: string;
  readonly ref: Ref;
}

/** Counts what a recording grows by. It throws when that is too much. */
export interface GraphMeter {
  /** One more value: an input, a constant, the result of a node. */
  addValue(): void;
  /** Numbers of a constant that are about to be computed, and the bytes of one. */
  compute(numbers: number, sizeBytes: number): void;
}

const UNLIMITED: GraphMeter = { addValue: () => {}, compute: () => {} };

/** Longer constants are not looked for among the others: their key would cost more than they do. */
const MAX_SHARED_NUMBERS = 4_096;

/** A larger result stays a node: ONNX Runtime computes it when it opens the network. */
const MAX_FOLDED_ELEMENTS = 1 << 20;

/** A recording. Mutable while a program is evaluated; afterwards read by `prune`, `unify` and `emit`. */
export class Graph {
  readonly values: GraphValue[] = [];
  readonly nodes: GraphNode[] = [];
  readonly inputs: Ref[] = [];
  readonly outputs: GraphOutput[] = [];
  /** Set by the evaluator before each call: where in the author's program it stands. */
  origin = '';
  readonly meter: GraphMeter;
  /** Of inputs and outputs, with the last number that one was given to be told from another. */
  readonly #names = new Map<string, number>();
  readonly #small = new Map<string, Ref>();
  /** By the buffer that holds the bytes: one that is dropped elsewhere is not kept here. */
  readonly #weights = new WeakMap<ArrayBufferLike, Map<string, Ref>>();

  constructor(meter = UNLIMITED) {
    this.meter = meter;
  }

  /** Declares an input of the network. */
  input(name: string, dtype: DType, shape: readonly number[]): Tensor {
    const ref = this.#add({ dtype, shape: [...shape], inputName: name });
    this.inputs.push(ref);
    this.#names.set(name, 1);
    return new Tensor(ref, { dtype, shape: [...shape] });
  }

  /** Declares an output of the network. A name that is taken gets a number. */
  output(name: string, tensor: Tensor): void {
    let own = name;
    for (let count = this.#names.get(name) ?? 1; this.#names.has(own); count++) {
      own = `${name}_${count + 1}`;
      this.#names.set(name, count + 1);
    }
    this.#names.set(own, 1);
    this.outputs.push({ name: own, ref: tensor.ref(this) });
  }

  /** A parameter, a buffer or another constant of the program, as a tensor. The same bytes are one value. */
  weight(constant: Constant): Tensor {
    return new Tensor(this.constant(constant), { dtype: constant.dtype, shape: constant.shape });
  }

  constant(constant: Constant): Ref {
    const { buffer, byteOffset, byteLength } = constant.bytes;
    const key = `${byteOffset}+${byteLength}:${constant.dtype}[${constant.shape}]`;
    const known = this.#weights.get(buffer) ?? new Map<string, Ref>();
    this.#weights.set(buffer, known);
    const ref = known.get(key) ?? this.#add({ dtype: constant.dtype, shape: constant.shape, constant });
    known.set(key, ref);
    return ref;
  }

  /** Whole numbers as a one-dimensional int64 constant: shapes, axes, starts and ends. */
  ints(numbers: readonly number[]): Ref {
    return this.numbers('int64', [numbers.length], numbers);
  }

  /** A scalar without axes. */
  scalar(dtype: DType, value: number): Ref {
    return this.numbers(dtype, [], [value]);
  }

  /** A small constant. Equal ones are one value. */
  numbers(dtype: DType, shape: readonly number[], numbers: readonly number[]): Ref {
    if (numbers.length > MAX_SHARED_NUMBERS) {
      this.meter.compute(numbers.length, DTYPES[dtype].sizeBytes);
      return this.constant(makeConstant(dtype, shape, numbers));
    }
    const key = `${dtype}[${shape}]${numbers.map((value) => (Object.is(value, -0) ? '-0' : value))}`;
    const ref = this.#small.get(key) ?? this.constant(makeConstant(dtype, shape, numbers));
    this.#small.set(key, ref);
    return ref;
  }

  /** Adds a node with one output. */
  node(
    opType: string,
    inputs: readonly (Ref | undefined)[],
    output: ValueFacts,
    attributes: Readonly<Record<string, AttributeValue>> = {},
  ): Ref {
    return this.split(opType, inputs, [output], attributes)[0]!;
  }

  /** Adds a node with several outputs. */
  split(
    opType: string,
    inputs: readonly (Ref | undefined)[],
    outputs: readonly ValueFacts[],
    attributes: Readonly<Record<string, AttributeValue>> = {},
  ): readonly Ref[] {
    const folded = this.#fold(opType, inputs, outputs, attributes);
    if (folded) return [this.constant(folded)];
    const refs = outputs.map(({ dtype, shape }) => this.#add({ dtype, shape: [...shape] }));
    this.nodes.push({ opType, inputs, attributes, outputs: refs, origin: this.origin });
    return refs;
  }

  value(ref: Ref): GraphValue {
    const value = this.values[ref];
    if (!value) throw new Error(`The graph has no value ${ref}.`);
    return value;
  }

  /** Forgets the numbers of every constant that is not needed: what was folded on the way is large. */
  keepConstants(needed: ReadonlySet<Ref>): void {
    for (const [ref, { constant, ...facts }] of this.values.entries()) {
      if (constant && !needed.has(ref)) this.values[ref] = facts;
    }
  }

  constantOf(ref: Ref): Constant | undefined {
    return this.value(ref).constant;
  }

  #add(value: GraphValue): Ref {
    this.meter.addValue();
    return this.values.push(value) - 1;
  }

  #fold(
    opType: string,
    inputs: readonly (Ref | undefined)[],
    outputs: readonly ValueFacts[],
    attributes: Readonly<Record<string, AttributeValue>>,
  ): Constant | undefined {
    if (outputs.length !== 1 || elementCount(outputs[0]!.shape) > MAX_FOLDED_ELEMENTS) return undefined;
    const constants: (Constant | undefined)[] = [];
    for (const ref of inputs) {
      const constant = ref === undefined ? undefined : this.value(ref).constant;
      if (ref !== undefined && (!constant || elementCount(constant.shape) > MAX_FOLDED_ELEMENTS)) return undefined;
      constants.push(constant);
    }
    this.meter.compute(numbersToFold(opType, constants, outputs[0]!), DTYPES[outputs[0]!.dtype].sizeBytes);
    return foldNode(opType, constants, attributes, outputs[0]!);
  }
}
