// The arguments of one call by their schema's names, as the translations want them.
import { type DType, dtypeOfCode } from '../dtypes.js';
import type { Tensor } from '../graph/tensor.js';
import { isList, isTensor, type Value } from '../values.js';
import { OperatorError } from './operator-error.js';

/** A number of the program: what a `Scalar` argument takes. */
export type Scalar = bigint | number | boolean;

export class Arguments {
  /** The operator as the program wrote it. */
  readonly operator: string;
  readonly #values: ReadonlyMap<string, Value>;

  constructor(operator: string, values: ReadonlyMap<string, Value>) {
    this.operator = operator;
    this.#values = values;
  }

  /** An error about this call. */
  error(message: string): OperatorError {
    return new OperatorError(this.operator, message);
  }

  /** Those that the overload has. */
  get names(): readonly string[] {
    return [...this.#values.keys()];
  }

  value(name: string): Value {
    const value = this.#values.get(name);
    if (value === undefined) throw new Error(`${this.operator} has no argument ${name}.`);
    return value;
  }

  /** True when the argument is not None. */
  has(name: string): boolean {
    return (this.#values.get(name) ?? null) !== null;
  }

  tensor(name: string): Tensor {
    const value = this.value(name);
    if (!isTensor(value)) throw this.error(`${name} is no tensor.`);
    return value;
  }

  optionalTensor(name: string): Tensor | undefined {
    return this.has(name) ? this.tensor(name) : undefined;
  }

  tensors(name: string): readonly Tensor[] {
    return this.#items(name).map((item) => {
      if (!isTensor(item)) throw this.error(`${name} is no list of tensors.`);
      return item;
    });
  }

  /** A list in which None stands for an axis that is taken whole. */
  optionalTensors(name: string): readonly (Tensor | undefined)[] {
    return this.#items(name).map((item) => (isTensor(item) ? item : undefined));
  }

  int(name: string): number {
    return Number(this.value(name));
  }

  optionalInt(name: string): number | undefined {
    return this.has(name) ? this.int(name) : undefined;
  }

  ints(name: string): readonly number[] {
    return this.#items(name).map(Number);
  }

  optionalInts(name: string): readonly number[] | undefined {
    return this.has(name) ? this.ints(name) : undefined;
  }

  float(name: string): number {
    return Number(this.value(name));
  }

  optionalFloat(name: string): number | undefined {
    return this.has(name) ? this.float(name) : undefined;
  }

  optionalFloats(name: string): readonly number[] | undefined {
    return this.has(name) ? this.#items(name).map(Number) : undefined;
  }

  bool(name: string): boolean {
    return this.value(name) === true;
  }

  text(name: string): string {
    return String(this.value(name));
  }

  scalar(name: string): Scalar {
    return this.value(name) as Scalar;
  }

  optionalScalar(name: string): Scalar | undefined {
    return this.has(name) ? this.scalar(name) : undefined;
  }

  /** A dtype argument. @throws OperatorError for complex, quantized and other types that are not translated. */
  optionalDType(name: string): DType | undefined {
    if (!this.has(name)) return undefined;
    const dtype = dtypeOfCode(this.int(name));
    if (!dtype) throw this.error(`The number type with torch's code ${this.int(name)} is not supported.`);
    return dtype;
  }

  #items(name: string): readonly Value[] {
    const value = this.value(name);
    if (!isList(value)) throw this.error(`${name} is no list.`);
    return value.items;
  }
}
