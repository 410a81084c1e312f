// What an operator is: one of MONAI's transforms, checked when a bundle is deployed and applied when a run computes.
import type { Image } from '../imaging/image.js';
import type { Threads } from '../imaging/threads.js';
import type { Place, PlainValue } from '../workflows/plan.js';

/** One argument of a transform, in the order of MONAI's signature (without `keys`). */
export interface ArgumentSpec {
  readonly name: string;
  /** MONAI's default; absent when the argument must be given. */
  readonly defaultValue?: PlainValue;
  /** Accepted by MONAI but without effect on an answer here (`allow_missing_keys`, `dtype` of an intermediate, …). */
  readonly ignored?: boolean;
  /** Only the dictionary form (`Spacingd`) has it. */
  readonly dictionaryOnly?: boolean;
  /** The dictionary form takes a list with one value for each key: see `argumentsForKey` in catalog.ts. */
  readonly perKey?: boolean;
}

/** Arguments by name, complete. */
export type Arguments = Readonly<Record<string, PlainValue>>;

/** What an operator may see besides its own image. */
export interface ApplyContext {
  /** The images of the run by key, as they are before this step. */
  readonly images: ReadonlyMap<string, Image>;
  /** What does the parts of larger work. */
  readonly threads: Threads;
  /** Throws `Cancelled` when the run was asked to stop: call it in long loops. */
  throwIfCancelled(): void;
}

/** An image without its voxels: where they lie and what was done to them. */
export type Outline = Pick<Image, 'channels' | 'sizes' | 'affineRas' | 'applied'>;

/** A transform of MONAI's. */
export interface Operator {
  /** MONAI's name of the array form: `Spacing`. The dictionary forms (`Spacingd`, `SpacingD`, `SpacingDict`) follow. */
  readonly name: string;
  /** True when MONAI has it in dictionary form only, such as `CopyItemsd`. */
  readonly dictionaryOnly?: boolean;
  readonly arguments: readonly ArgumentSpec[];
  /**
   * Checks complete arguments and puts them in one form (scalars to lists, names to constants). Pure.
   * @throws Unsupported for what it does not do; InvalidBundle for what MONAI would not take either. Both name
   *   `place` with the argument's name behind it.
   */
  plan(args: Arguments, place: Place): Arguments;
  /**
   * What `apply` will give, before any voxel moves: shape, geometry, history. Pure. Absent when nothing of these changes.
   * Undefined when it depends on the voxels.
   * @throws RangeError for an image that `apply` would not take
   */
  outline?(image: Outline, args: Arguments): Outline | undefined;
  /** Applies planned arguments to one image. Never changes its input's voxels, unless the image is `owned`: then the
   * caller must not use it again. */
  apply(image: Image, args: Arguments, context: ApplyContext): Image | Promise<Image>;
  /**
   * For what works on several keys at once (`ConcatItems`): all images there are afterwards, by key. `apply` is not
   * called then. Never changes the voxels of an image.
   * @param keys the step's own, in its order.
   */
  combine?(
    images: ReadonlyMap<string, Image>,
    keys: readonly string[],
    args: Arguments,
    context: ApplyContext,
  ): ReadonlyMap<string, Image>;
  /** For `combine`: the keys there are afterwards, of those there are before. */
  keysAfter?(known: ReadonlySet<string>, keys: readonly string[], args: Arguments): ReadonlySet<string>;
  /** Undoes one application on another image of the same size (`Invert`); absent when there is nothing to undo. */
  invert?(image: Image, operation: Image['applied'][number], options: InvertOptions): Image | Promise<Image>;
}

/** How `Invert` was asked to interpolate. */
export interface InvertOptions {
  /** True rewrites every interpolation to nearest neighbour. */
  readonly nearestInterp: boolean;
  readonly threads: Threads;
}
