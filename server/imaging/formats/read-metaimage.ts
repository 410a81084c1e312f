// Reads a MetaImage file (.mha, or .mhd with its voxels in a file beside it), plain, zlib or as text.
import { stat } from 'node:fs/promises';
import { COMPONENT_BYTES } from '../volume-header.js';
import { openFileBytes, readDeclared } from './file-bytes.js';
import { checkGeometry } from './geometry-check.js';
import type { ImageFile } from './image-file.js';
import { malformed } from './malformed.js';
import { type MetaImageFields, parseMetaImageFields } from './metaimage-fields.js';
import { detachedFile, readTextHeader } from './text-header.js';
import { parseTextVoxels, swapByteOrder } from './voxel-bytes.js';

/** Reads a MetaImage file. @throws InvalidArgument naming the file and the header's field. */
export async function readMetaImage(file: string): Promise<ImageFile> {
  const { lines, endByte } = await readTextHeader(file, (line) => /^\s*ElementDataFile\s*=/.test(line));
  const fields = parseMetaImageFields(file, lines);
  checkGeometry(file, 'TransformMatrix and ElementSpacing', [...fields.indexToWorldLps, 0, 0, 0, 1]);
  return {
    header: {
      sizes: fields.sizes,
      componentType: fields.type,
      components: fields.components,
      indexToWorldLps: fields.indexToWorldLps,
      modality: '',
    },
    voxels: await readStored(file, fields, endByte),
    warnings: [],
  };
}

async function readStored(file: string, fields: MetaImageFields, endByte: number): Promise<Uint8Array> {
  const local = /^local$/i.test(fields.dataFile);
  if (/^list/i.test(fields.dataFile) || /%\d*d/.test(fields.dataFile)) {
    throw malformed(
      file,
      'ElementDataFile',
      fields.dataFile,
      'LOCAL or one file',
      'Slices in many files are not read.',
    );
  }
  const dataFile = local ? file : await detachedFile(file, 'ElementDataFile', fields.dataFile);
  const count = fields.sizes.reduce((product, size) => product * size, 1) * fields.components;
  const sizeBytes = count * COMPONENT_BYTES[fields.type];
  const diskBytes = (await stat(dataFile)).size;
  const start = fields.headerBytes === -1 ? diskBytes - sizeBytes : (local ? endByte : 0) + fields.headerBytes;
  if (start < 0)
    throw malformed(file, 'DimSize', fields.sizes, `sizes that the file can hold: they need ${sizeBytes} bytes`);
  const bytes = await openFileBytes(dataFile, fields.compressed ? 'zlib' : 'none', start);
  try {
    if (fields.text) {
      const text = (await bytes.read(Math.min(bytes.diskBytes, count * 64))).toString('latin1');
      const voxels = parseTextVoxels(text, fields.type, count);
      if (!voxels) throw malformed(file, 'DimSize', fields.sizes, `${count} numbers as text`);
      return voxels;
    }
    const data = await readDeclared(file, 'DimSize', fields.sizes, sizeBytes, bytes);
    if (!fields.littleEndian) swapByteOrder(data, COMPONENT_BYTES[fields.type]);
    return data;
  } finally {
    await bytes.close();
  }
}
