// Writes a NIfTI file: NIfTI-1, or NIfTI-2 when a size does not fit; both geometries set; packed when it ends in .gz.
import { createGzip } from 'node:zlib';
import { affineRasFromLps, type Mat4 } from '../geometry.js';
import { COMPONENT_BYTES, type ComponentType, type VolumeHeader } from '../volume-header.js';
import type { WriteOptions } from './image-file.js';
import { quaternionOfAffine } from './nifti-quaternion.js';
import { moveAxis } from './voxel-bytes.js';
import { writeWholeFile } from './write-file.js';

const DATATYPES: Readonly<Record<ComponentType, number>> = {
  uint8: 2,
  int16: 4,
  int32: 8,
  float32: 16,
  float64: 64,
  int8: 256,
  uint16: 512,
  uint32: 768,
  int64: 1024,
  uint64: 1280,
};
/** NIFTI_INTENT_VECTOR: the fifth axis is a voxel's components. */
const INTENT_VECTOR = 1007;
/** Millimetres and seconds. */
const UNITS = 2 | 8;
const MAX_NIFTI1_SIZE = 32_767;

/** Writes header and voxels. Components go to the fifth axis, as ITK writes vector images. */
export async function writeNifti(
  file: string,
  header: VolumeHeader,
  voxels: Uint8Array,
  options: WriteOptions,
): Promise<void> {
  const componentBytes = COMPONENT_BYTES[header.componentType];
  const count = voxels.length / componentBytes / header.components;
  const data = moveAxis(voxels, componentBytes, { inner: 1, count: header.components, outer: count }, 'last');
  const pieces = [encodeNiftiHeader(header, options), data];
  const packed = file.toLowerCase().endsWith('.gz');
  const packer = packed ? { packer: createGzip({ level: options.compressionLevel ?? 6, chunkSize: 256 * 1024 }) } : {};
  await writeWholeFile(file, [{ pieces, ...packer }]);
}

/** A header with its extension flag: 352 bytes (NIfTI-1) or 544 (NIfTI-2), little-endian. Pure. */
export function encodeNiftiHeader(header: VolumeHeader, options: WriteOptions): Buffer {
  const dim = niftiDims(header);
  const affineRas = affineRasFromLps(header.indexToWorldLps);
  const fields = {
    dim,
    datatype: DATATYPES[header.componentType],
    bitpix: COMPONENT_BYTES[header.componentType] * 8,
    intent: header.components > 1 ? INTENT_VECTOR : 0,
    codes: { sform: options.niftiCodes?.sform || 1, qform: options.niftiCodes?.qform || 1 },
    affineRas,
    quaternion: quaternionOfAffine(affineRas),
  };
  return dim.some((size) => size > MAX_NIFTI1_SIZE) ? encodeNifti2(fields) : encodeNifti1(fields);
}

interface Fields {
  readonly dim: readonly number[];
  readonly datatype: number;
  readonly bitpix: number;
  readonly intent: number;
  readonly codes: { readonly sform: number; readonly qform: number };
  readonly affineRas: Mat4;
  readonly quaternion: ReturnType<typeof quaternionOfAffine>;
}

function niftiDims(header: VolumeHeader): number[] {
  const sizes = [...header.sizes];
  if (header.components > 1) {
    while (sizes.length < 4) sizes.push(1);
    sizes.push(header.components);
  }
  return [sizes.length, ...sizes, 1, 1, 1, 1, 1, 1, 1].slice(0, 8);
}

function encodeNifti1(fields: Fields): Buffer {
  const out = Buffer.alloc(352);
  const { quaternion, affineRas } = fields;
  out.writeInt32LE(348, 0);
  out.write('r', 38, 'latin1');
  for (const [index, size] of fields.dim.entries()) out.writeInt16LE(size, 40 + 2 * index);
  out.writeInt16LE(fields.intent, 68);
  out.writeInt16LE(fields.datatype, 70);
  out.writeInt16LE(fields.bitpix, 72);
  for (const [index, value] of pixdims(quaternion).entries()) out.writeFloatLE(value, 76 + 4 * index);
  out.writeFloatLE(352, 108);
  out.writeFloatLE(1, 112);
  out.writeUInt8(UNITS, 123);
  out.writeInt16LE(fields.codes.qform, 252);
  out.writeInt16LE(fields.codes.sform, 254);
  for (const [index, value] of qformNumbers(fields).entries()) out.writeFloatLE(value, 256 + 4 * index);
  for (const [index, value] of affineRas.slice(0, 12).entries()) out.writeFloatLE(value, 280 + 4 * index);
  out.write('n+1\0', 344, 'latin1');
  return out;
}

function encodeNifti2(fields: Fields): Buffer {
  const out = Buffer.alloc(544);
  const { quaternion, affineRas } = fields;
  out.writeInt32LE(540, 0);
  out.write('n+2\0\r\n\x1a\n', 4, 'latin1');
  out.writeInt16LE(fields.datatype, 12);
  out.writeInt16LE(fields.bitpix, 14);
  for (const [index, size] of fields.dim.entries()) out.writeBigInt64LE(BigInt(size), 16 + 8 * index);
  for (const [index, value] of pixdims(quaternion).entries()) out.writeDoubleLE(value, 104 + 8 * index);
  out.writeBigInt64LE(544n, 168);
  out.writeDoubleLE(1, 176);
  out.writeInt32LE(fields.codes.qform, 344);
  out.writeInt32LE(fields.codes.sform, 348);
  for (const [index, value] of qformNumbers(fields).entries()) out.writeDoubleLE(value, 352 + 8 * index);
  for (const [index, value] of affineRas.slice(0, 12).entries()) out.writeDoubleLE(value, 400 + 8 * index);
  out.writeInt32LE(UNITS, 500);
  out.writeInt32LE(fields.intent, 504);
  return out;
}

function pixdims(quaternion: Fields['quaternion']): number[] {
  return [quaternion.qfac, ...quaternion.spacingMm, 1, 1, 1, 1];
}

function qformNumbers({ quaternion, affineRas }: Fields): number[] {
  return [...quaternion.bcd, affineRas[3]!, affineRas[7]!, affineRas[11]!];
}
