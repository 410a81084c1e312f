// A NIfTI-1 or NIfTI-2 header: its fields as they stand in the file, either byte order. Pure.
import type { ComponentType } from '../volume-header.js';
import { malformed } from './malformed.js';

/** The fields that say what the voxels are and where they lie, as numbers. */
export interface NiftiHeader {
  readonly version: 1 | 2;
  readonly littleEndian: boolean;
  /** dim[0] is the number of axes; dim[1…7] their sizes. */
  readonly dim: readonly number[];
  readonly datatype: number;
  /** pixdim[0] is qfac; pixdim[1…] voxel sizes. */
  readonly pixdim: readonly number[];
  /** First byte of the voxels. */
  readonly voxOffset: number;
  readonly sclSlope: number;
  readonly sclInter: number;
  readonly intentCode: number;
  readonly xyztUnits: number;
  readonly qformCode: number;
  readonly sformCode: number;
  /** Quaternion b, c, d, then offset x, y, z. */
  readonly quatern: readonly number[];
  readonly qoffset: readonly number[];
  /** Three rows of four, RAS. */
  readonly srow: readonly number[];
}

export const NIFTI1_HEADER_BYTES = 348;
export const NIFTI2_HEADER_BYTES = 540;

/** What each `datatype` code is here. */
export const NIFTI_TYPES: ReadonlyMap<number, { componentType: ComponentType; components: number }> = new Map([
  [2, { componentType: 'uint8', components: 1 }],
  [4, { componentType: 'int16', components: 1 }],
  [8, { componentType: 'int32', components: 1 }],
  [16, { componentType: 'float32', components: 1 }],
  [64, { componentType: 'float64', components: 1 }],
  [128, { componentType: 'uint8', components: 3 }],
  [256, { componentType: 'int8', components: 1 }],
  [512, { componentType: 'uint16', components: 1 }],
  [768, { componentType: 'uint32', components: 1 }],
  [1024, { componentType: 'int64', components: 1 }],
  [1280, { componentType: 'uint64', components: 1 }],
  [2304, { componentType: 'uint8', components: 4 }],
]);

const FIELDS_AT = {
  1: {
    dim: 40,
    intent: 68,
    datatype: 70,
    pixdim: 76,
    voxOffset: 108,
    slope: 112,
    units: 123,
    qform: 252,
    quatern: 256,
    srow: 280,
    magic: 344,
  },
  2: {
    dim: 16,
    intent: 504,
    datatype: 12,
    pixdim: 104,
    voxOffset: 168,
    slope: 176,
    units: 500,
    qform: 344,
    quatern: 352,
    srow: 400,
    magic: 4,
  },
} as const;

/** Whether a file's first bytes announce the longer header of NIfTI-2. */
export function isNifti2(bytes: Buffer): boolean {
  return (
    bytes.length >= 4 && (bytes.readInt32LE(0) === NIFTI2_HEADER_BYTES || bytes.readInt32BE(0) === NIFTI2_HEADER_BYTES)
  );
}

/** Reads a header from the first bytes of a file. @throws InvalidArgument when they are not one. */
export function parseNiftiHeader(file: string, bytes: Buffer): NiftiHeader {
  const { version, littleEndian } = recognise(file, bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const at = FIELDS_AT[version];
  const real = (offset: number, index: number) =>
    version === 1
      ? view.getFloat32(offset + 4 * index, littleEndian)
      : view.getFloat64(offset + 8 * index, littleEndian);
  const reals = (offset: number, count: number) => Array.from({ length: count }, (_, index) => real(offset, index));
  const code = (offset: number) =>
    version === 1 ? view.getInt16(offset, littleEndian) : view.getInt32(offset, littleEndian);
  const realBytes = version === 1 ? 4 : 8;
  return {
    version,
    littleEndian,
    dim: Array.from({ length: 8 }, (_, index) =>
      version === 1
        ? view.getInt16(at.dim + 2 * index, littleEndian)
        : Number(view.getBigInt64(at.dim + 8 * index, littleEndian)),
    ),
    datatype: view.getInt16(at.datatype, littleEndian),
    pixdim: reals(at.pixdim, 8),
    voxOffset:
      version === 1
        ? view.getFloat32(at.voxOffset, littleEndian)
        : Number(view.getBigInt64(at.voxOffset, littleEndian)),
    sclSlope: real(at.slope, 0),
    sclInter: real(at.slope, 1),
    intentCode: code(at.intent),
    xyztUnits: version === 1 ? view.getUint8(at.units) : view.getInt32(at.units, littleEndian),
    qformCode: code(at.qform),
    sformCode: code(at.qform + (version === 1 ? 2 : 4)),
    quatern: reals(at.quatern, 3),
    qoffset: reals(at.quatern + 3 * realBytes, 3),
    srow: reals(at.srow, 12),
  };
}

function recognise(file: string, bytes: Buffer): { version: 1 | 2; littleEndian: boolean } {
  if (bytes.length < 348) {
    throw malformed(file, 'file', `${bytes.length} bytes`, 'a NIfTI file: at least 348 bytes of header');
  }
  for (const littleEndian of [true, false]) {
    const size = littleEndian ? bytes.readInt32LE(0) : bytes.readInt32BE(0);
    const version = size === 348 ? 1 : size === 540 ? 2 : undefined;
    if (version === undefined) continue;
    if (bytes.length < size) throw malformed(file, 'file', `${bytes.length} bytes`, `a header of ${size} bytes`);
    const magic = bytes.toString('latin1', FIELDS_AT[version].magic, FIELDS_AT[version].magic + 3);
    if (magic === `n+${version}`) return { version, littleEndian };
    const remedy = magic === `ni${version}` ? 'It is half of a .hdr/.img pair: convert it to a single .nii.' : '';
    throw malformed(file, 'magic', magic.replace(/[^\x20-\x7e]/g, '?'), `"n+${version}"`, remedy);
  }
  throw malformed(file, 'sizeof_hdr', bytes.readInt32LE(0), '348 (NIfTI-1) or 540 (NIfTI-2)');
}
