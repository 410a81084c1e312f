// A symbolic tensor: its type and shape are known, its numbers are a value of the graph. Views follow their base.
import type { DType } from '../dtypes.js';
import { stridesOf } from './constant.js';
import type { Graph, Ref } from './graph.js';
import { isContiguous } from './strides.js';

/** How a view's numbers come from its base's, and how new numbers for the view go back into the base. */
export interface ViewStep {
  /** The base's numbers → the view's. */
  read(graph: Graph, base: Ref): Ref;
  /** The base's numbers and the view's new ones → the base's new ones. Absent: such a view cannot be written to. */
  write?(graph: Graph, base: Ref, view: Ref): Ref;
}

/**
 * A tensor of the program. Sizes are plain numbers: those of the input that the evaluation was made for. A tensor made by
 * a view (`slice`, `select`, `view`, …) shares its numbers with its base: writing to one is seen in the other.
 */
export class Tensor {
  readonly kind = 'tensor';
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** Those of torch's own tensor, in elements. They decide which reshapes are views. */
  readonly strides: readonly number[];
  #ref: Ref;
  /** Counts the writes; a view compares it with what it has seen. */
  #version = 0;
  readonly #base: Tensor | undefined;
  readonly #step: ViewStep | undefined;
  #seenVersion = 0;
  readonly #depth: number;

  constructor(
    ref: Ref,
    facts: { dtype: DType; shape: readonly number[]; strides?: readonly number[] },
    view?: { base: Tensor; step: ViewStep },
  ) {
    this.#ref = ref;
    this.dtype = facts.dtype;
    this.shape = facts.shape;
    this.strides = facts.strides ?? stridesOf(facts.shape);
    this.#base = view?.base;
    this.#step = view?.step;
    this.#depth = view ? view.base.depth + 1 : 0;
    this.#seenVersion = view?.base.version ?? 0;
  }

  /** True when the elements lie in C order. */
  get contiguous(): boolean {
    return isContiguous(this.shape, this.strides);
  }

  /** Views that it is on top of. */
  get depth(): number {
    return this.#depth;
  }

  get rank(): number {
    return this.shape.length;
  }

  /** Rises with every write to this tensor or to what it is a view of. */
  get version(): number {
    return this.#base ? this.#base.version : this.#version;
  }

  /** The value of the graph that holds this tensor's numbers now. */
  ref(graph: Graph): Ref {
    if (this.#base && this.#step && this.#base.version !== this.#seenVersion) {
      this.#ref = this.#step.read(graph, this.#base.ref(graph));
      this.#seenVersion = this.#base.version;
    }
    return this.#ref;
  }

  /**
   * Gives the tensor new numbers, of its own type and shape; its base and all other views of that see them.
   * @returns false when the view cannot be written through.
   */
  write(graph: Graph, ref: Ref): boolean {
    if (!this.#base) {
      this.#ref = ref;
      this.#version += 1;
      return true;
    }
    const before = this.#base.ref(graph);
    const after = this.#step?.write?.(graph, before, ref);
    if (after === undefined || !this.#base.write(graph, after)) return false;
    this.#ref = ref;
    this.#seenVersion = this.#base.version;
    return true;
  }
}
