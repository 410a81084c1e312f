// What is written reads back the same; the bytes are those that nibabel and SimpleITK were seen to read right.
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import test from 'ava';
import { InvalidArgument } from '../../../server/errors.js';
import { readImageFile, writeImageFile } from '../../../server/imaging/formats/image-file.js';
import type { VolumeHeader } from '../../../server/imaging/volume-header.js';

const folder = new URL('../../fixtures/formats/', import.meta.url);
const golden = (JSON.parse(readFileSync(new URL('formats.json', folder), 'utf8')) as { file: string }[]).map(
  ({ file }) => file,
);
/** SHA-256 of files as written, recorded by test/golden/check_written_formats.py when the other libraries agreed. */
const checked = JSON.parse(readFileSync(new URL('written.json', folder), 'utf8')) as Record<string, string>;

const temporary = mkdtempSync(join(tmpdir(), 'voxhost-formats-'));
test.after.always(() => rm(temporary, { recursive: true, force: true }));

for (const file of golden) {
  test(`${file} written in every format reads back the same`, async (t) => {
    const { header, voxels } = await readImageFile(fileURLToPath(new URL(file, folder)));
    for (const ending of ['.nii', '.nii.gz', '.nrrd', '.mha', '.mhd']) {
      const copy = join(temporary, `${file}${ending}`);
      await writeImageFile(copy, header, voxels);
      const back = await readImageFile(copy);
      t.true(Buffer.from(voxels).equals(back.voxels), ending);
      t.is(back.header.componentType, header.componentType);
      t.is(back.header.components, header.components);
      // A flat image becomes one slice where the format has no other way to place it in space.
      t.deepEqual(back.header.sizes.slice(0, header.sizes.length), header.sizes);
      t.true(back.header.sizes.slice(header.sizes.length).every((size) => size === 1));
      // NIfTI-1 has 32-bit geometry, the others the full one.
      const tolerance = ending.startsWith('.nii') ? 2e-6 : 1e-12;
      const worst = Math.max(
        ...header.indexToWorldLps.map((value, n) => Math.abs(value - back.header.indexToWorldLps[n]!)),
      );
      const scale = Math.max(...header.indexToWorldLps.map(Math.abs));
      t.true(worst <= tolerance * scale, `${ending}: geometry differs by ${worst}`);
    }
  });
}

for (const [name, sha256] of Object.entries(checked)) {
  test(`${name} is byte for byte what nibabel and SimpleITK read right`, async (t) => {
    const source = golden.find((file) => name.startsWith(`${file}.`))!;
    const { header, voxels, niftiCodes } = await readImageFile(fileURLToPath(new URL(source, folder)));
    const file = join(temporary, `checked-${name}`);
    await writeImageFile(file, header, voxels, { compressionLevel: 0, ...(niftiCodes ? { niftiCodes } : {}) });
    t.is(
      createHash('sha256')
        .update(await readFile(file))
        .digest('hex'),
      sha256,
    );
  });
}

const header: VolumeHeader = {
  sizes: [2, 2, 2],
  componentType: 'uint8',
  components: 1,
  indexToWorldLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0],
  modality: '',
};

test('a result keeps the codes of the NIfTI it belongs to, and a code that was 0 becomes 1', async (t) => {
  const file = join(temporary, 'codes.nii');
  await writeImageFile(file, header, new Uint8Array(8), { niftiCodes: { sform: 4, qform: 0 } });
  const bytes = await readFile(file);
  t.is(bytes.readInt16LE(252), 1);
  t.is(bytes.readInt16LE(254), 4);
});

test('a NIfTI whose sizes pass 32,767 is written as NIfTI-2', async (t) => {
  const file = join(temporary, 'long.nii.gz');
  const long = { ...header, sizes: [40_000, 2, 1] };
  const voxels = Uint8Array.from({ length: 80_000 }, (_, n) => n % 251);
  await writeImageFile(file, long, voxels);
  const unpacked = gunzipSync(await readFile(file));
  t.is(unpacked.readInt32LE(0), 540);
  t.is(unpacked.readBigInt64LE(24), 40_000n);
  const back = await readImageFile(file);
  t.deepEqual(back.header, long);
  t.true(Buffer.from(voxels).equals(back.voxels));
});

test('voxels that are not what the header says are not written', async (t) => {
  const file = join(temporary, 'short.nii');
  const error = await t.throwsAsync(writeImageFile(file, header, new Uint8Array(7)), { instanceOf: InvalidArgument });
  t.is(error.message, 'voxels is "7 bytes", expected 8 bytes, as the header says.');
  t.false(existsSync(file));
});

test('an ending that says no format is refused with those that do', async (t) => {
  const error = await t.throwsAsync(writeImageFile(join(temporary, 'mask.bmp'), header, new Uint8Array(8)));
  t.regex(error.message, /mask\.bmp.*expected a name ending in \.nii\.gz, \.nii, \.nrrd/);
});

test('a write that fails leaves no part of a file', async (t) => {
  const taken = join(temporary, 'taken');
  await mkdir(join(taken, 'mask.nii', 'inside'), { recursive: true });
  await t.throwsAsync(writeImageFile(join(taken, 'mask.nii'), header, new Uint8Array(8)));
  t.deepEqual(await readdir(taken), ['mask.nii']);
});
