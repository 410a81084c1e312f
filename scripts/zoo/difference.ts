// How two answers differ: voxel by voxel, and in where they lie.

/** An answer without its voxels. */
export interface Answer {
  readonly dtype: string;
  readonly sizes: readonly number[];
  readonly channels: number;
  /** 4×4 by rows. */
  readonly affineRas: readonly number[];
}

type WithBytes = Answer & { readonly bytes: Uint8Array };

export interface Difference {
  readonly voxels: number;
  /** Of which differ: by anything where the answer is labels, by more than 1e-5 of the largest number elsewhere. */
  readonly differing: number;
  readonly largest: number;
  /** Millimetres or, of directions, a number without unit: the largest over the matrix. */
  readonly geometry: number;
  readonly labels: boolean;
  /** Labels that occur in MONAI's answer. */
  readonly classes: number;
}

const FLOAT_TOLERANCE = 1e-5;

/** @throws Error when the two have other sizes. */
export function differenceOf(ours: WithBytes, theirs: WithBytes): Difference {
  if (trimmed(ours) !== trimmed(theirs)) {
    throw new Error(`the answer has sizes ${trimmed(ours)}, MONAI's ${trimmed(theirs)}`);
  }
  const [a, b] = [numbersOf(ours), numbersOf(theirs)];
  const labels = b.every(Number.isInteger);
  const size = b.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  let [differing, largest] = [0, 0];
  for (let i = 0; i < b.length; i++) {
    const difference = Number.isNaN(a[i]) && Number.isNaN(b[i]) ? 0 : Math.abs(a[i]! - b[i]!);
    if (!(difference <= (labels ? 0 : FLOAT_TOLERANCE * size))) differing++;
    if (!(difference <= largest)) largest = difference;
  }
  const geometry = theirs.affineRas.reduce((most, value, n) => Math.max(most, Math.abs(value - ours.affineRas[n]!)), 0);
  return { voxels: b.length, differing, largest, geometry, labels, classes: labels ? new Set(b).size : 0 };
}

/** Sizes and channels, without axes of one voxel at the end. */
function trimmed({ sizes, channels }: Answer): string {
  const last = sizes.findLastIndex((size) => size !== 1);
  return `${sizes.slice(0, last + 1).join(' × ')} of ${channels}`;
}

function numbersOf({ dtype, bytes }: WithBytes): Float64Array {
  const copy = new Uint8Array(bytes).buffer;
  switch (dtype) {
    case 'uint8':
      return Float64Array.from(new Uint8Array(copy));
    case 'uint16':
      return Float64Array.from(new Uint16Array(copy));
    case 'int16':
      return Float64Array.from(new Int16Array(copy));
    case 'int32':
      return Float64Array.from(new Int32Array(copy));
    case 'float32':
      return Float64Array.from(new Float32Array(copy));
    case 'float64':
      return new Float64Array(copy);
    default:
      throw new Error(`an answer of type ${dtype}`);
  }
}
