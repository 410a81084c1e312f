// TIFF's own two packings: LZW and PackBits. Neither gives more than it is asked for.

const CLEAR = 256;
const END = 257;
const MAX_CODES = 4_096;

/** Unpacks LZW as TIFF has it: codes of 9 to 12 bits, highest first, widened one code early. @throws RangeError */
export function unpackLzw(packed: Uint8Array, size: number): Buffer {
  const out = Buffer.alloc(size);
  const previous = new Uint16Array(MAX_CODES);
  const last = new Uint8Array(MAX_CODES);
  const lengths = new Uint16Array(MAX_CODES);
  for (let n = 0; n < 256; n++) [last[n], lengths[n]] = [n, 1];
  let [next, width, before, filled] = [258, 9, -1, 0];
  let [bits, held] = [0, 0];
  for (const byte of packed) {
    bits = (bits << 8) | byte;
    held += 8;
    if (held < width) continue;
    held -= width;
    const code = (bits >> held) & (2 ** width - 1);
    bits &= 2 ** held - 1;
    if (code === END) break;
    if (code === CLEAR) {
      [next, width, before] = [258, 9, -1];
      continue;
    }
    if (code > next || (code === next && before < 0) || (before < 0 && code > 255))
      throw new RangeError('a wrong code');
    const fresh = code === next;
    const length = lengths[fresh ? before : code]! + (fresh ? 1 : 0);
    let first = fresh ? before : code;
    for (let to = filled + length - (fresh ? 2 : 1); to >= filled; to--) {
      if (to < size) out[to] = last[first]!;
      if (to > filled) first = previous[first]!;
    }
    if (fresh && filled + length - 1 < size) out[filled + length - 1] = last[first]!;
    if (before >= 0 && next < MAX_CODES) {
      [previous[next], last[next], lengths[next]] = [before, last[first]!, lengths[before]! + 1];
      next += 1;
    }
    filled += length;
    before = code;
    if (filled >= size) break;
    if (next + 1 >= 2 ** width && width < 12) width += 1;
  }
  return out.subarray(0, Math.min(filled, size));
}

/** Unpacks PackBits: a byte says how many follow as they are, or how often one is repeated. */
export function unpackBits(packed: Uint8Array, size: number): Buffer {
  const out = Buffer.alloc(size);
  let filled = 0;
  for (let at = 0; at < packed.length && filled < size; ) {
    const head = packed[at++]!;
    if (head < 128) {
      const part = packed.subarray(at, Math.min(at + head + 1, at + size - filled));
      out.set(part, filled);
      [at, filled] = [at + head + 1, filled + part.length];
    } else if (head > 128) {
      const end = Math.min(size, filled + 257 - head);
      out.fill(packed[at++] ?? 0, filled, end);
      filled = end;
    }
  }
  return out.subarray(0, filled);
}
