// Reads a NRRD file (.nrrd, or .nhdr with its voxels in a file beside it): teem.sourceforge.net/nrrd/format.html.
import { stat } from 'node:fs/promises';
import { COMPONENT_BYTES } from '../volume-header.js';
import { openFileBytes, readDeclared } from './file-bytes.js';
import { checkGeometry } from './geometry-check.js';
import type { ImageFile } from './image-file.js';
import { malformed } from './malformed.js';
import { type NrrdFields, parseNrrdFields } from './nrrd-fields.js';
import { nrrdGeometry } from './nrrd-geometry.js';
import { detachedFile, readTextHeader } from './text-header.js';
import { moveAxis, parseTextVoxels, swapByteOrder } from './voxel-bytes.js';

/** Reads a NRRD file. @throws InvalidArgument naming the file and the header's field. */
export async function readNrrd(file: string): Promise<ImageFile> {
  const { lines, endByte } = await readTextHeader(file, (line) => line === '');
  const fields = parseNrrdFields(file, lines);
  const geometry = nrrdGeometry(file, fields);
  checkGeometry(file, 'space directions', [...geometry.indexToWorldLps, 0, 0, 0, 1]);
  const stored = await readStored(file, fields, { lines: lines.length, endByte });
  const { sizes, vectorAxis, frameAxis } = geometry;
  const bytes = COMPONENT_BYTES[fields.type];
  const around = (axis: number) => ({
    inner: fields.sizes.slice(0, axis).reduce((product, size) => product * size, 1),
    count: fields.sizes[axis]!,
    outer: fields.sizes.slice(axis + 1).reduce((product, size) => product * size, 1),
  });
  let voxels = stored;
  if (vectorAxis !== undefined) voxels = moveAxis(stored, bytes, around(vectorAxis), 'first');
  else if (frameAxis !== undefined) voxels = moveAxis(stored, bytes, around(frameAxis), 'last');
  return {
    header: {
      sizes,
      componentType: fields.type,
      components: vectorAxis === undefined ? 1 : fields.sizes[vectorAxis]!,
      indexToWorldLps: geometry.indexToWorldLps,
      modality: '',
    },
    voxels,
    warnings: [...fields.warnings, ...geometry.warnings],
  };
}

/** Where a header ends; zeros for voxels in a file of their own. */
interface HeaderEnd {
  readonly lines: number;
  readonly endByte: number;
}

async function readStored(file: string, fields: NrrdFields, headerEnd: HeaderEnd): Promise<Uint8Array> {
  const dataFile = fields.dataFile === undefined ? file : await detachedFile(file, 'data file', fields.dataFile);
  const count = fields.sizes.reduce((product, size) => product * size, 1);
  const sizeBytes = count * COMPONENT_BYTES[fields.type];
  const header = fields.dataFile === undefined ? headerEnd : { lines: 0, endByte: 0 };
  const start = await dataStart(file, dataFile, fields, header, sizeBytes);
  const bytes = await openFileBytes(dataFile, fields.encoding === 'gzip' ? 'gzip' : 'none', start);
  try {
    if (fields.encoding === 'ascii') {
      const text = (await bytes.read(Math.min(bytes.diskBytes, count * 64))).toString('latin1');
      const voxels = parseTextVoxels(text, fields.type, count);
      if (!voxels) throw malformed(file, 'sizes', fields.sizes, `${count} numbers as text after the header`);
      return voxels;
    }
    if (fields.encoding === 'gzip' && fields.byteSkip > 0) await bytes.read(fields.byteSkip);
    const data = await readDeclared(file, 'sizes', fields.sizes, sizeBytes, bytes);
    if (!fields.littleEndian) swapByteOrder(data, COMPONENT_BYTES[fields.type]);
    return data;
  } finally {
    await bytes.close();
  }
}

/** Where the data begins: behind the header, `line skip` lines on, `byte skip` bytes on (-1 counts from the end). */
async function dataStart(
  file: string,
  dataFile: string,
  fields: NrrdFields,
  header: HeaderEnd,
  sizeBytes: number,
): Promise<number> {
  if (fields.byteSkip === -1) {
    const start = (await stat(dataFile)).size - sizeBytes;
    if (start < header.endByte) {
      throw malformed(file, 'sizes', fields.sizes, `sizes that the file can hold: they need ${sizeBytes} bytes`);
    }
    return start;
  }
  let start = header.endByte;
  if (fields.lineSkip > 0) {
    const lastSkipped = header.lines + fields.lineSkip;
    start = (await readTextHeader(dataFile, (_line, lineNumber) => lineNumber === lastSkipped)).endByte;
  }
  return fields.encoding === 'gzip' ? start : start + fields.byteSkip;
}
