// Raw voxels from a file's layout to ours: little-endian, components side by side, scaling applied.
import { alignedTo, componentsOf } from '../component-arrays.js';
import { COMPONENT_BYTES, type ComponentType } from '../volume-header.js';

/** Swaps the bytes of every component in place. */
export function swapByteOrder(bytes: Buffer, componentBytes: number): void {
  if (componentBytes === 2) bytes.swap16();
  else if (componentBytes === 4) bytes.swap32();
  else if (componentBytes === 8) bytes.swap64();
}

/**
 * Moves one axis of a file's array to the front (components side by side) or to the back (frames, planes).
 * `inner` elements lie before it, `count` along it, `outer` behind it. The same bytes when nothing moves.
 */
export function moveAxis(
  bytes: Uint8Array,
  elementBytes: number,
  shape: { readonly inner: number; readonly count: number; readonly outer: number },
  to: 'first' | 'last',
): Uint8Array {
  const { inner, count, outer } = shape;
  if (count === 1 || (to === 'first' ? inner === 1 : outer === 1)) return bytes;
  const from = elementsOf(bytes, elementBytes);
  const out = new Uint8Array(bytes.length);
  const target = elementsOf(out, elementBytes);
  const [innerStep, countStep, outerStep] = to === 'first' ? [count, 1, inner * count] : [1, outer * inner, inner];
  let read = 0;
  for (let o = 0; o < outer; o += 1) {
    for (let k = 0; k < count; k += 1) {
      let write = o * outerStep + k * countStep;
      for (let i = 0; i < inner; i += 1) {
        target[write] = from[read]!;
        write += innerStep;
        read += 1;
      }
    }
  }
  return out;
}

/** `value · slope + intercept`, each step rounded to float64 as nibabel does, stored as float32. */
export function scaleToFloat32(bytes: Uint8Array, type: ComponentType, slope: number, intercept: number): Uint8Array {
  const values = componentsOf(bytes, type);
  const out = new Float32Array(values.length);
  for (let n = 0; n < values.length; n += 1) out[n] = Number(values[n]) * slope + intercept;
  return new Uint8Array(out.buffer);
}

/** Numbers written as text, one component after the other, as bytes. Undefined when one is missing or is no number. */
export function parseTextVoxels(text: string, type: ComponentType, count: number): Uint8Array | undefined {
  const words = text.split(/[\s,]+/).filter((word) => word !== '');
  if (words.length < count || !words.every((word) => NUMBER.test(word))) return undefined;
  const out = new Uint8Array(count * COMPONENT_BYTES[type]);
  const values = componentsOf(out, type);
  if (values instanceof BigInt64Array || values instanceof BigUint64Array) {
    if (!words.every((word) => /^[+-]?\d+$/.test(word))) return undefined;
    for (let n = 0; n < count; n += 1) values[n] = BigInt(words[n]!.replace('+', ''));
  } else {
    for (let n = 0; n < count; n += 1) values[n] = numberOf(words[n]!);
  }
  return out;
}

/** Elements of 1, 2, 4 or 8 bytes, to be moved and not understood. */
function elementsOf(bytes: Uint8Array, elementBytes: number): { [index: number]: number } {
  const arrays = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array, 8: BigUint64Array } as const;
  return new arrays[elementBytes as 1 | 2 | 4 | 8](...alignedTo(bytes, elementBytes)) as unknown as {
    [index: number]: number;
  };
}

const NUMBER = /^[+-]?(\d+\.?\d*(e[+-]?\d+)?|\.\d+(e[+-]?\d+)?|inf(inity)?|nan)$/i;

function numberOf(word: string): number {
  const special = /^([+-]?)(inf|nan)/i.exec(word);
  if (!special) return Number(word);
  if (special[2]!.toLowerCase() === 'nan') return Number.NaN;
  return special[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}
