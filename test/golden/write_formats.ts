// Writes every golden file again, in each format, for test/golden/check_written_formats.py to read with other libraries.
// Run by hand: node --import=tsx test/golden/write_formats.ts FOLDER
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readImageFile, writeImageFile } from '../../server/imaging/formats/image-file.js';

const folder = new URL('../fixtures/formats/', import.meta.url);
const target = process.argv[2]!;
mkdirSync(target, { recursive: true });
for (const { file } of JSON.parse(readFileSync(new URL('formats.json', folder), 'utf8')) as { file: string }[]) {
  const { header, voxels, niftiCodes } = await readImageFile(fileURLToPath(new URL(file, folder)));
  const codes = niftiCodes ? { niftiCodes } : {};
  for (const ending of ['.nii', '.nrrd']) {
    await writeImageFile(join(target, file + ending), header, voxels, { compressionLevel: 0, ...codes });
  }
  for (const ending of ['.nii.gz', '.packed.nrrd', '.mha', '.mhd']) {
    await writeImageFile(join(target, file + ending), header, voxels, codes);
  }
}
