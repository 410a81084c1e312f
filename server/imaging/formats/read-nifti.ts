// Reads a NIfTI file (.nii, .nii.gz): header, then the voxels it declares, in our layout.

import { indexToWorldLpsFromRas } from '../geometry.js';
import { COMPONENT_BYTES, type ComponentType, type VolumeHeader } from '../volume-header.js';
import { checkDeclaredSize, type FileBytes, openFileBytes, readDeclared } from './file-bytes.js';
import { checkGeometry } from './geometry-check.js';
import type { ImageFile } from './image-file.js';
import { malformed } from './malformed.js';
import { chooseNiftiAffine } from './nifti-affine.js';
import {
  isNifti2,
  NIFTI_TYPES,
  NIFTI1_HEADER_BYTES,
  NIFTI2_HEADER_BYTES,
  type NiftiHeader,
  parseNiftiHeader,
} from './nifti-header.js';
import { moveAxis, scaleToFloat32, swapByteOrder } from './voxel-bytes.js';

/** How the voxels lie in the file. */
interface NiftiLayout {
  readonly sizes: readonly number[];
  readonly type: ComponentType;
  /** Components side by side in each voxel of the file (RGB). */
  readonly innerComponents: number;
  /** Components behind all voxels (the fifth axis: a vector image). */
  readonly outerComponents: number;
  readonly offsetBytes: number;
  readonly scaling?: { readonly slope: number; readonly intercept: number };
}

/** Reads a NIfTI-1 or NIfTI-2 file. @throws InvalidArgument naming the file and the header's field. */
export async function readNifti(file: string): Promise<ImageFile> {
  const bytes = await openFileBytes(file, 'auto');
  try {
    const first = await bytes.read(NIFTI1_HEADER_BYTES);
    const head = isNifti2(first) ? Buffer.concat([first, await bytes.read(NIFTI2_HEADER_BYTES - first.length)]) : first;
    const nifti = parseNiftiHeader(file, head);
    const warnings: string[] = [];
    const layout = planLayout(file, nifti, warnings);
    const { affineRas, form, warnings: geometryWarnings } = chooseNiftiAffine(file, nifti);
    warnings.push(...geometryWarnings);
    checkGeometry(file, FORM_FIELDS[form], affineRas);

    const components = layout.innerComponents * layout.outerComponents;
    const voxels = layout.sizes.reduce((product, size) => product * size, 1);
    const sizeBytes = voxels * components * COMPONENT_BYTES[layout.type];
    const dims = nifti.dim.slice(1, nifti.dim[0]! + 1);
    checkDeclaredSize(file, 'dim', dims, layout.offsetBytes + sizeBytes, bytes);
    await skipBytes(file, layout.offsetBytes, head.length, bytes);
    const data = await readDeclared(file, 'dim', dims, sizeBytes, bytes);
    if (!nifti.littleEndian) swapByteOrder(data, COMPONENT_BYTES[layout.type]);
    const inOrder = moveAxis(
      data,
      COMPONENT_BYTES[layout.type],
      { inner: voxels * layout.innerComponents, count: layout.outerComponents, outer: 1 },
      'first',
    );
    const { scaling } = layout;
    const header: VolumeHeader = {
      sizes: layout.sizes,
      componentType: scaling ? 'float32' : layout.type,
      components,
      indexToWorldLps: indexToWorldLpsFromRas(affineRas),
      modality: '',
    };
    return {
      header,
      voxels: scaling ? scaleToFloat32(inOrder, layout.type, scaling.slope, scaling.intercept) : inOrder,
      warnings,
      niftiCodes: { sform: nifti.sformCode, qform: nifti.qformCode },
    };
  } finally {
    await bytes.close();
  }
}

const FORM_FIELDS = { sform: 'srow_x/srow_y/srow_z', qform: 'quatern, qoffset and pixdim', pixdim: 'pixdim' } as const;

async function skipBytes(file: string, offsetBytes: number, readBytes: number, bytes: FileBytes): Promise<void> {
  for (let left = offsetBytes - readBytes; left > 0; ) {
    const skipped = await bytes.read(Math.min(left, 2 ** 20));
    if (skipped.length === 0) throw malformed(file, 'vox_offset', offsetBytes, 'a place inside the file');
    left -= skipped.length;
  }
}

function planLayout(file: string, nifti: NiftiHeader, warnings: string[]): NiftiLayout {
  const type = NIFTI_TYPES.get(nifti.datatype);
  if (!type) {
    throw malformed(
      file,
      'datatype',
      nifti.datatype,
      `one of ${[...NIFTI_TYPES.keys()].join(', ')}`,
      'Complex, 1-bit and 128-bit voxels are not read.',
    );
  }
  const axes = nifti.dim[0]!;
  if (!(axes >= 1 && axes <= 7)) throw malformed(file, 'dim[0]', axes, '1 to 7 axes');
  const dims = nifti.dim.slice(1, axes + 1);
  for (const [index, size] of dims.entries()) {
    if (!(Number.isSafeInteger(size) && size >= 1))
      throw malformed(file, `dim[${index + 1}]`, size, 'a size of at least 1');
    if (index >= 5 && size !== 1)
      throw malformed(file, `dim[${index + 1}]`, size, '1: at most three axes, frames and components are read');
  }
  const sizes = dims.slice(0, 4);
  while (sizes.length > 3 && sizes.at(-1) === 1) sizes.pop();
  const scaling = planScaling(file, nifti, type.components, warnings);
  const spatialUnits = nifti.xyztUnits & 7;
  if (spatialUnits === 1 || spatialUnits === 3) {
    const unit = spatialUnits === 1 ? 'metres' : 'micrometres';
    warnings.push(`${file}: xyzt_units says ${unit}; lengths are read as millimetres, as nibabel and MONAI do.`);
  }
  return {
    sizes,
    type: type.componentType,
    innerComponents: type.components,
    outerComponents: dims[4] ?? 1,
    offsetBytes: planOffset(file, nifti, warnings),
    ...(scaling ? { scaling } : {}),
  };
}

function planOffset(file: string, nifti: NiftiHeader, warnings: string[]): number {
  const least = nifti.version === 1 ? 352 : 544;
  const offset = nifti.voxOffset;
  if (offset === 0) {
    warnings.push(`${file}: vox_offset is 0; the voxels are read from byte ${least}.`);
    return least;
  }
  if (!(Number.isSafeInteger(offset) && offset >= least)) {
    throw malformed(file, 'vox_offset', offset, `a whole number of at least ${least}`);
  }
  return offset;
}

function planScaling(file: string, nifti: NiftiHeader, components: number, warnings: string[]): NiftiLayout['scaling'] {
  const { sclSlope: slope, sclInter: intercept } = nifti;
  if (slope === 0 || !Number.isFinite(slope) || (slope === 1 && intercept === 0)) return undefined;
  if (!Number.isFinite(intercept))
    throw malformed(file, 'scl_inter', intercept, 'a finite number beside a valid scl_slope');
  if (components > 1) {
    warnings.push(`${file}: scl_slope and scl_inter are left out: they have no meaning for colours.`);
    return undefined;
  }
  return { slope, intercept };
}
