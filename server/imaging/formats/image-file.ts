// Image files by their endings: volumes (.nii, .nii.gz, .nrrd, .nhdr, .mha, .mhd) and pictures (.png, .jpg, .jpeg, .tif,
// .tiff). What callers use of this folder.
import { InvalidArgument } from '../../errors.js';
import { headerSizeBytes, type VolumeHeader } from '../volume-header.js';
import { readJpeg } from './read-jpeg.js';
import { readMetaImage } from './read-metaimage.js';
import { readNifti } from './read-nifti.js';
import { readNrrd } from './read-nrrd.js';
import { readPng } from './read-png.js';
import { readTiff } from './read-tiff.js';
import { writeMetaImage } from './write-metaimage.js';
import { writeNifti } from './write-nifti.js';
import { writeNrrd } from './write-nrrd.js';
import { writePng } from './write-png.js';
import { writeTiff } from './write-tiff.js';

/** An image file in memory. */
export interface ImageFile {
  readonly header: VolumeHeader;
  /** Little-endian, i fastest, components side by side. */
  readonly voxels: Uint8Array;
  /** What a person should know of how the file was read. */
  readonly warnings: readonly string[];
  /** Codes of a NIfTI's two geometries, to be kept in a result written beside it. */
  readonly niftiCodes?: { readonly sform: number; readonly qform: number };
}

/** How a file is written. */
export interface WriteOptions {
  /** NIfTI: codes of the geometries; 1 (scanner) where not given or 0. */
  readonly niftiCodes?: { readonly sform: number; readonly qform: number };
  /** 0 to 9; 6 when not given. For formats that can be packed. */
  readonly compressionLevel?: number;
}

/** Endings that are read and written, longest first. */
export const IMAGE_FILE_ENDINGS = [
  '.nii.gz',
  '.nii',
  '.nrrd',
  '.nhdr',
  '.mha',
  '.mhd',
  '.png',
  '.jpeg',
  '.jpg',
  '.tiff',
  '.tif',
] as const;

/** The ending of a file's name that says its format, or undefined. */
export function imageFileEnding(file: string): (typeof IMAGE_FILE_ENDINGS)[number] | undefined {
  const name = file.toLowerCase();
  return IMAGE_FILE_ENDINGS.find((ending) => name.endsWith(ending));
}

/**
 * Reads an image file: header in LPS millimetres and raw voxels.
 * @throws InvalidArgument naming the file, the header's field, what came and what was expected.
 */
export async function readImageFile(file: string): Promise<ImageFile> {
  switch (imageFileEnding(file)) {
    case '.nii':
    case '.nii.gz':
      return readNifti(file);
    case '.nrrd':
    case '.nhdr':
      return readNrrd(file);
    case '.mha':
    case '.mhd':
      return readMetaImage(file);
    case '.png':
      return readPng(file);
    case '.jpeg':
    case '.jpg':
      return readJpeg(file);
    case '.tiff':
    case '.tif':
      return readTiff(file);
    default:
      throw unknownEnding(file);
  }
}

/**
 * Writes an image file, format by its ending. The file appears whole or not at all.
 * @throws InvalidArgument when the ending is unknown or `voxels` is not what the header says.
 */
export async function writeImageFile(
  file: string,
  header: VolumeHeader,
  voxels: Uint8Array,
  options: WriteOptions = {},
): Promise<void> {
  if (voxels.length !== headerSizeBytes(header)) {
    throw new InvalidArgument(
      'voxels',
      `${voxels.length} bytes`,
      `${headerSizeBytes(header)} bytes, as the header says`,
    );
  }
  switch (imageFileEnding(file)) {
    case '.nii':
    case '.nii.gz':
      return writeNifti(file, header, voxels, options);
    case '.nrrd':
      return writeNrrd(file, header, voxels, options);
    case '.mha':
    case '.mhd':
      return writeMetaImage(file, header, voxels, options);
    case '.png':
      return writePng(file, header, voxels, options);
    case '.tiff':
    case '.tif':
      return writeTiff(file, header, voxels, options);
    case '.jpeg':
    case '.jpg':
      throw new InvalidArgument('file', file, 'a name ending in .png or .tif: JPEG would change the numbers');
    case '.nhdr':
      throw new InvalidArgument('file', file, 'a name ending in .nrrd: header and voxels are written in one file');
    default:
      throw unknownEnding(file);
  }
}

function unknownEnding(file: string): InvalidArgument {
  return new InvalidArgument('file', file, `a name ending in ${IMAGE_FILE_ENDINGS.join(', ')}`);
}
