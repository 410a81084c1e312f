// A TIFF file's directories: what each page declares, checked before anything is unpacked.
import type { ComponentType } from '../volume-header.js';
import { malformed } from './malformed.js';

/** One page, its pixels still packed. */
export interface TiffPage {
  readonly width: number;
  readonly height: number;
  readonly type: ComponentType;
  readonly components: number;
  readonly compression: TiffCompression;
  /** Differences along a row, instead of samples. */
  readonly differences: boolean;
  readonly littleEndian: boolean;
  /** Pixels of one block along columns and rows: a strip has the page's width. */
  readonly blockSizes: readonly [number, number];
  readonly blocks: readonly { readonly offset: number; readonly length: number }[];
  /** Millimetres, 1 where the file does not say. */
  readonly spacingMm: readonly [number, number];
}

export type TiffCompression = 'none' | 'lzw' | 'deflate' | 'packbits';

const COMPRESSIONS: Readonly<Record<number, TiffCompression>> = {
  1: 'none',
  5: 'lzw',
  8: 'deflate',
  32946: 'deflate',
  32773: 'packbits',
};
const TYPES: Readonly<Record<string, ComponentType>> = {
  '1/8': 'uint8',
  '1/16': 'uint16',
  '1/32': 'uint32',
  '2/8': 'int8',
  '2/16': 'int16',
  '2/32': 'int32',
  '3/32': 'float32',
  '3/64': 'float64',
};
/** Bytes of a value by its field type: BYTE, ASCII, SHORT, LONG, RATIONAL and their signed kin. */
const VALUE_BYTES: Readonly<Record<number, number>> = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8 };

const MAX_PAGES = 10_000;
const MAX_VALUES = 2 ** 22;
const MAX_PIXELS = 2 ** 28;

type Fields = ReadonlyMap<number, readonly number[]>;

/** Every page. @throws InvalidArgument naming the file and the field */
export function readTiffPages(file: string, bytes: Buffer): readonly TiffPage[] {
  const order = bytes.toString('latin1', 0, 2);
  if (bytes.length < 8 || (order !== 'II' && order !== 'MM')) throw malformed(file, 'signature', order, 'II or MM');
  const littleEndian = order === 'II';
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const version = view.getUint16(2, littleEndian);
  if (version !== 42) throw malformed(file, 'version', version, '42', 'BigTIFF is not read.');
  const pages: TiffPage[] = [];
  const seen = new Set<number>();
  for (let at = view.getUint32(4, littleEndian); at !== 0; ) {
    if (seen.has(at) || pages.length >= MAX_PAGES) throw malformed(file, 'directories', at, 'a list that ends');
    seen.add(at);
    const { fields, next } = readDirectory(file, view, at, littleEndian);
    pages.push(readPage(file, fields, littleEndian, bytes.length));
    at = next;
  }
  if (pages.length === 0) throw malformed(file, 'directories', 0, 'a page');
  return pages;
}

function readDirectory(file: string, view: DataView, at: number, littleEndian: boolean) {
  const end = (bytes: number) => {
    if (bytes > view.byteLength) throw malformed(file, 'directory', `ends at byte ${bytes}`, 'one inside the file');
  };
  end(at + 2);
  const count = view.getUint16(at, littleEndian);
  end(at + 2 + count * 12 + 4);
  const fields = new Map<number, readonly number[]>();
  for (let n = 0; n < count; n++) {
    const entry = at + 2 + n * 12;
    const tag = view.getUint16(entry, littleEndian);
    const type = view.getUint16(entry + 2, littleEndian);
    const values = view.getUint32(entry + 4, littleEndian);
    const width = VALUE_BYTES[type];
    if (width === undefined || !USED.has(tag)) continue;
    if (values > MAX_VALUES) throw malformed(file, `field ${tag}`, `${values} values`, `at most ${MAX_VALUES}`);
    const from = width * values <= 4 ? entry + 8 : view.getUint32(entry + 8, littleEndian);
    end(from + width * values);
    fields.set(
      tag,
      Array.from({ length: values }, (_, i) => readValue(view, from + i * width, type, littleEndian)),
    );
  }
  return { fields, next: view.getUint32(at + 2 + count * 12, littleEndian) };
}

function readValue(view: DataView, at: number, type: number, littleEndian: boolean): number {
  if (type === 3) return view.getUint16(at, littleEndian);
  if (type === 4) return view.getUint32(at, littleEndian);
  if (type === 5) return view.getUint32(at, littleEndian) / view.getUint32(at + 4, littleEndian);
  return view.getUint8(at);
}

const TAG = {
  width: 256,
  height: 257,
  bits: 258,
  compression: 259,
  photometric: 262,
  stripOffsets: 273,
  samples: 277,
  rowsPerStrip: 278,
  stripLengths: 279,
  xResolution: 282,
  yResolution: 283,
  planar: 284,
  resolutionUnit: 296,
  predictor: 317,
  tileWidth: 322,
  tileHeight: 323,
  tileOffsets: 324,
  tileLengths: 325,
  sampleFormat: 339,
} as const;
const USED: ReadonlySet<number> = new Set(Object.values(TAG));

function readPage(file: string, fields: Fields, littleEndian: boolean, fileBytes: number): TiffPage {
  const one = (name: keyof typeof TAG, missing: number): number => fields.get(TAG[name])?.[0] ?? missing;
  const [width, height] = [one('width', 0), one('height', 0)];
  const components = one('samples', 1);
  if (width < 1 || height < 1 || components < 1 || width * height * components > MAX_PIXELS) {
    throw malformed(file, 'ImageWidth, ImageLength', [width, height, components], `1 to ${MAX_PIXELS} samples`);
  }
  const bits = fields.get(TAG.bits) ?? [1];
  const type = TYPES[`${one('sampleFormat', 1)}/${bits[0]}`];
  if (type === undefined || components > 4 || bits.some((each) => each !== bits[0])) {
    throw malformed(file, 'BitsPerSample and SampleFormat', [...bits], 'whole bytes, 1 to 4 samples alike');
  }
  const photometric = one('photometric', 1);
  if (photometric !== 1 && photometric !== 2) {
    throw malformed(file, 'PhotometricInterpretation', photometric, '1 (black is zero) or 2 (RGB)', 'Save it as such.');
  }
  if (one('planar', 1) !== 1 && components > 1) throw malformed(file, 'PlanarConfiguration', 2, '1');
  const compression = COMPRESSIONS[one('compression', 1)];
  if (compression === undefined) {
    const known = 'none, LZW, Deflate or PackBits';
    throw malformed(file, 'Compression', one('compression', 1), known, 'Save it with one of these.');
  }
  const predictor = one('predictor', 1);
  if (predictor !== 1 && (predictor !== 2 || type.startsWith('float'))) {
    throw malformed(file, 'Predictor', predictor, '1, or 2 for whole numbers');
  }
  return {
    ...{ width, height, type, components, compression, littleEndian, differences: predictor === 2 },
    ...blocksOf(file, fields, width, height, fileBytes),
    spacingMm: spacingOf(one('resolutionUnit', 2), one('xResolution', 0), one('yResolution', 0)),
  };
}

function blocksOf(file: string, fields: Fields, width: number, height: number, fileBytes: number) {
  const tiled = fields.has(TAG.tileOffsets);
  const offsets = fields.get(tiled ? TAG.tileOffsets : TAG.stripOffsets) ?? [];
  const lengths = fields.get(tiled ? TAG.tileLengths : TAG.stripLengths) ?? [];
  const rows = Math.min(height, fields.get(TAG.rowsPerStrip)?.[0] ?? height);
  const blockSizes: [number, number] = tiled
    ? [fields.get(TAG.tileWidth)?.[0] ?? 0, fields.get(TAG.tileHeight)?.[0] ?? 0]
    : [width, rows];
  const [columns, lines] = blockSizes;
  if (columns < 1 || lines < 1 || columns * lines > MAX_PIXELS) {
    throw malformed(file, 'size of a strip or tile', blockSizes, `1 to ${MAX_PIXELS} pixels`);
  }
  const count = Math.ceil(width / columns) * Math.ceil(height / lines);
  if (offsets.length < count || lengths.length < count) {
    throw malformed(file, tiled ? 'TileOffsets' : 'StripOffsets', offsets.length, `${count} of them`);
  }
  const blocks = offsets.slice(0, count).map((offset, n) => ({ offset, length: lengths[n]! }));
  const outside = blocks.find(({ offset, length }) => offset + length > fileBytes);
  if (outside) throw malformed(file, 'strip', [outside.offset, outside.length], `bytes inside the file's ${fileBytes}`);
  return { blockSizes, blocks };
}

/** ITK's rule: inches or centimetres, and 1 where nothing is said. */
function spacingOf(unit: number, x: number, y: number): [number, number] {
  const mm = unit === 2 ? 25.4 : unit === 3 ? 10 : 0;
  return mm > 0 && x > 0 && y > 0 && Number.isFinite(x) && Number.isFinite(y) ? [mm / x, mm / y] : [1, 1];
}
