// TorchScript's own source ranges: which line of the author's Python a place in the serialised source comes from.
import type { Pickled } from '../pickle/pickled.js';

/** From `start` (characters of the serialised file) on, until the next range. */
interface Range {
  readonly start: number;
  /** Such as `monai/networks/nets/unet.py:97`; empty where PyTorch does not know. */
  readonly line: string;
}

/** Ranges without a line of their own that are looked past. */
const NEAR = 4;

/** Finds the author's line of a place; undefined when the ranges do not tell. */
export type FindLine = (at: number) => string | undefined;

/**
 * Reads the pickle of a `.debug_pkl` record: `('FORMAT_WITH_STRING_TABLE', (texts…), ((start, range, tag)…))` with
 * `range = ((indices of texts, index of the file's name, first line), start, end)`. Older files have the texts in place.
 * What is not of that form tells nothing: it is there for messages only.
 */
export function readDebugRanges(pickled: Pickled): FindLine {
  const items = itemsOf(pickled);
  const hasTable = items[0] === 'FORMAT_WITH_STRING_TABLE';
  const texts = hasTable ? itemsOf(items[1]) : [];
  const ranges = (hasTable ? itemsOf(items[2]) : items)
    .map((item) => readRange(item, texts, hasTable))
    .filter((range) => range !== undefined)
    .sort((a, b) => a.start - b.start);
  return (at) => {
    let [low, high] = [0, ranges.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (ranges[middle]!.start <= at) low = middle + 1;
      else high = middle;
    }
    // Where PyTorch knows nothing of a place itself, what stands just before it is of the same statement.
    const near = ranges.slice(Math.max(0, low - NEAR), low).reverse();
    return near.find(({ line }) => line !== '')?.line;
  };
}

function readRange(item: Pickled, texts: readonly Pickled[], hasTable: boolean): Range | undefined {
  const [start, range] = itemsOf(item);
  const [source, from] = itemsOf(range);
  const [text, name, first] = itemsOf(source);
  if (typeof start !== 'bigint' || typeof from !== 'bigint') return undefined;
  const file = hasTable ? textAt(texts, name) : name;
  if (typeof file !== 'string' || file === '' || typeof first !== 'bigint') return { start: Number(start), line: '' };
  const line = Number(first) + newlinesBefore(hasTable ? itemsOf(text).map((one) => textAt(texts, one)) : [text], from);
  return { start: Number(start), line: `${shortName(file)}:${line}` };
}

function newlinesBefore(texts: readonly (Pickled | undefined)[], from: bigint): number {
  let left = Number(from);
  let count = 0;
  for (const text of texts) {
    if (typeof text !== 'string' || left <= 0) break;
    for (let at = text.indexOf('\n'); at >= 0 && at < left; at = text.indexOf('\n', at + 1)) count += 1;
    left -= text.length;
  }
  return count;
}

/** The part of a path that says which module it is: what follows `site-packages`, or the last two folders. */
function shortName(path: string): string {
  const parts = path.split(/[\\/]/);
  const site = parts.lastIndexOf('site-packages');
  return (site >= 0 ? parts.slice(site + 1) : parts.slice(-2)).join('/').slice(-120);
}

function textAt(texts: readonly Pickled[], index: Pickled | undefined): Pickled {
  return typeof index === 'bigint' ? (texts[Number(index)] ?? null) : null;
}

function itemsOf(value: Pickled | undefined): readonly Pickled[] {
  if (typeof value !== 'object' || value === null) return [];
  return value.kind === 'tuple' || value.kind === 'list' ? value.items : [];
}
