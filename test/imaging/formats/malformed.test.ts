// Files that lie about themselves: each is refused in a sentence with the file, the field, what came, what was expected.
import { mkdtempSync, readFileSync } from 'node:fs';
import { mkdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deflateSync, gzipSync } from 'node:zlib';
import test from 'ava';
import { InvalidArgument } from '../../../server/errors.js';
import { readImageFile } from '../../../server/imaging/formats/image-file.js';

const fixture = (name: string) => fileURLToPath(new URL(`../../fixtures/formats/${name}`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'voxhost-malformed-'));
test.after.always(() => rm(folder, { recursive: true, force: true }));

const nifti1 = readFileSync(fixture('type_int16.nii'));
const nifti2 = readFileSync(fixture('nifti2_big_endian.nii'));

/** A copy of a good NIfTI-1 file (5×4×3 int16, sform only set in full) with something changed. */
function bend(change: (bytes: Buffer) => unknown, source = nifti1): Buffer {
  const bytes = Buffer.from(source);
  change(bytes);
  return bytes;
}

const nrrdLines = {
  magic: 'NRRD0004',
  type: 'type: short',
  dimension: 'dimension: 3',
  space: 'space: left-posterior-superior',
  sizes: 'sizes: 2 2 2',
  directions: 'space directions: (1,0,0) (0,1,0) (0,0,1)',
  origin: 'space origin: (0,0,0)',
  endian: 'endian: little',
  encoding: 'encoding: raw',
};
const nrrd = (changes: Partial<typeof nrrdLines>, data = Buffer.alloc(16)) =>
  Buffer.concat([
    Buffer.from(
      `${Object.values({ ...nrrdLines, ...changes })
        .filter(Boolean)
        .join('\n')}\n\n`,
    ),
    data,
  ]);

const mhaLines = {
  ndims: 'NDims = 3',
  order: 'BinaryDataByteOrderMSB = False',
  matrix: 'TransformMatrix = 1 0 0 0 1 0 0 0 1',
  offset: 'Offset = 0 0 0',
  spacing: 'ElementSpacing = 1 1 1',
  sizes: 'DimSize = 2 2 2',
  type: 'ElementType = MET_SHORT',
  file: 'ElementDataFile = LOCAL',
};
const mha = (changes: Partial<typeof mhaLines> & { packed?: string }, data = Buffer.alloc(16)) => {
  const { packed = '', ...rest } = changes;
  const lines = [packed, ...Object.values({ ...mhaLines, ...rest })].filter(Boolean);
  return Buffer.concat([Buffer.from(`ObjectType = Image\n${lines.join('\n')}\n`), data]);
};

const cases: [title: string, file: string, bytes: Buffer, message: RegExp][] = [
  ['nothing', 'empty.nii', Buffer.alloc(0), /file is "0 bytes", expected a NIfTI file/],
  ['text', 'text.nii', Buffer.alloc(400, 'hello '), /sizeof_hdr is 1819043176, expected 348 \(NIfTI-1\) or 540/],
  ['a wrong magic', 'magic.nii', bend((b) => b.write('n+9', 344)), /magic is "n\+9", expected "n\+1"/],
  ['half of a pair', 'pair.nii', bend((b) => b.write('ni1', 344)), /magic is "ni1".*convert it to a single \.nii/],
  ['no axes', 'dim0.nii', bend((b) => b.writeInt16LE(0, 40)), /dim\[0\] is 0, expected 1 to 7 axes/],
  ['8 axes', 'dim8.nii', bend((b) => b.writeInt16LE(8, 40)), /dim\[0\] is 8, expected 1 to 7 axes/],
  [
    'a negative size',
    'negative.nii',
    bend((b) => b.writeInt16LE(-4, 44)),
    /dim\[2\] is -4, expected a size of at least 1/,
  ],
  ['a size of 0', 'zero.nii', bend((b) => b.writeInt16LE(0, 46)), /dim\[3\] is 0, expected a size of at least 1/],
  [
    'more voxels than bytes',
    'large.nii',
    bend((b) => b.writeInt16LE(500, 42)),
    /dim is \[500, 4, 3\], expected sizes that the file can hold: they need 12352 bytes and it has 472/,
  ],
  ['a cut file', 'cut.nii', nifti1.subarray(0, 400), /dim is \[5, 4, 3\].*they need 472 bytes and it has 400/],
  ['a header cut short', 'cut-header.nii', nifti1.subarray(0, 300), /file is "300 bytes"/],
  [
    'a NIfTI-2 header cut short',
    'cut-header2.nii',
    nifti2.subarray(0, 500),
    /file is "500 bytes", expected a header of 540 bytes/,
  ],
  [
    'sizes beyond all memory',
    'huge.nii',
    bend((b) => {
      b.writeBigInt64BE(2n ** 40n, 24);
      b.writeBigInt64BE(2n ** 40n, 32);
    }, nifti2),
    /dim is \[1099511627776, 1099511627776, 3\].*The file is cut off or its header is wrong/,
  ],
  [
    'a size past 2^53',
    'past.nii',
    bend((b) => b.writeBigInt64BE(2n ** 62n, 24), nifti2),
    /dim\[1\] is 4611686018427388000, expected a size/,
  ],
  [
    'voxels inside the header',
    'offset.nii',
    bend((b) => b.writeFloatLE(16, 108)),
    /vox_offset is 16, expected a whole number of at least 352/,
  ],
  ['an offset that is none', 'offset-nan.nii', bend((b) => b.writeFloatLE(Number.NaN, 108)), /vox_offset is NaN/],
  [
    'an offset past the end',
    'offset-far.nii',
    bend((b) => b.writeFloatLE(1e6, 108)),
    /dim is \[5, 4, 3\].*they need 1000120 bytes/,
  ],
  [
    'complex voxels',
    'complex.nii',
    bend((b) => b.writeInt16LE(32, 70)),
    /datatype is 32, expected one of 2, 4, 8.*Complex/,
  ],
  [
    'a slope without intercept',
    'inter.nii',
    bend((b) => {
      b.writeFloatLE(2, 112);
      b.writeFloatLE(Number.POSITIVE_INFINITY, 116);
    }),
    /scl_inter is Infinity, expected a finite number/,
  ],
  [
    'a singular sform and no qform',
    'singular.nii',
    bend((b) => {
      b.fill(0, 280, 328);
      b.writeInt16LE(0, 252);
      b.writeFloatLE(1, 80);
      b.writeFloatLE(1, 84);
      b.writeFloatLE(1, 88);
    }),
    /srow_x\/srow_y\/srow_z is \[0, 0, .*expected a matrix that can be inverted/,
  ],
  [
    'a sform that is not finite',
    'nan.nii',
    bend((b) => b.writeFloatLE(Number.NaN, 292)),
    /srow_x\/srow_y\/srow_z is \[.*NaN.*.*expected finite numbers/,
  ],
  [
    'a quaternion that is none',
    'quaternion.nii',
    bend((b) => {
      b.writeInt16LE(0, 254);
      b.writeInt16LE(1, 252);
      b.writeFloatLE(3, 256);
    }),
    /quatern_b\/c\/d is \[3, /,
  ],
  [
    'a damaged gzip',
    'damaged.nii.gz',
    bend((b) => b.fill(0xff, 20, 60), gzipSync(nifti1)),
    /compressed data is "damaged after \d+ bytes/,
  ],
  [
    'a gzip with a wrong checksum',
    'checksum.nii.gz',
    bend((b) => b.writeUInt32LE(1, b.length - 8), gzipSync(nifti1)),
    /compressed data is "damaged after \d+ bytes \(incorrect data check\)/,
  ],
  ['a cut gzip', 'cut.nii.gz', gzipSync(nifti1).subarray(0, -20), /compressed data is "damaged after/],
  [
    'a gzip that holds less than it says',
    'less.nii.gz',
    gzipSync(nifti1.subarray(0, 400)),
    /dim is \[5, 4, 3\], expected sizes that agree with the file: they need 120 bytes and it has 48/,
  ],
  ['no magic', 'magic.nrrd', nrrd({ magic: 'NRRD0009' }), /magic is "NRRD0009", expected "NRRD0001" to "NRRD0005"/],
  ['no type', 'type.nrrd', nrrd({ type: '' }), /type is missing, expected a line in the header/],
  ['a block type', 'block.nrrd', nrrd({ type: 'type: block' }), /type is "block", expected a number type/],
  ['bzip2', 'bzip2.nrrd', nrrd({ encoding: 'encoding: bzip2' }), /encoding is "bzip2", expected raw, gzip or ascii/],
  [
    'sizes that are not as many as dimension',
    'sizes.nrrd',
    nrrd({ sizes: 'sizes: 2 2' }),
    /sizes is "2 2", expected 3 whole numbers of at least 1/,
  ],
  ['a negative size', 'negative.nrrd', nrrd({ sizes: 'sizes: 2 -2 2' }), /sizes is "2 -2 2", expected 3 whole numbers/],
  [
    'more voxels than bytes',
    'large.nrrd',
    nrrd({ sizes: 'sizes: 20 2 2' }),
    /sizes is \[20, 2, 2\].*they need 160 bytes and it has 16/,
  ],
  [
    'directions in one plane',
    'flat.nrrd',
    nrrd({ directions: 'space directions: (1,0,0) (0,1,0) (1,1,0)' }),
    /space directions is .*can be inverted/,
  ],
  [
    'directions that are no vectors',
    'words.nrrd',
    nrrd({ directions: 'space directions: (1,0,0) (0,x,0) (0,0,1)' }),
    /space directions is "\(0,x,0\)", expected numbers in brackets/,
  ],
  [
    'an unknown endian',
    'endian.nrrd',
    nrrd({ endian: 'endian: middle' }),
    /endian is "middle", expected little or big/,
  ],
  [
    'text that is no number',
    'words-data.nrrd',
    nrrd({ encoding: 'encoding: ascii' }, Buffer.from('1 2 3 4 5 6 7 eight')),
    /sizes is \[2, 2, 2\], expected 8 numbers as text/,
  ],
  [
    'a data file outside the folder',
    'outside.nhdr',
    nrrd({ encoding: 'encoding: raw\ndata file: ../secret.raw' }),
    /data file is "\.\.\/secret\.raw", expected the name of a file in the header's own folder/,
  ],
  [
    'a data file by an absolute path',
    'absolute.nhdr',
    nrrd({ encoding: `encoding: raw\ndata file: ${tmpdir()}` }),
    /data file is .*in the header's own folder/,
  ],
  [
    'a data file that is not there',
    'missing.nhdr',
    nrrd({ encoding: 'encoding: raw\ndata file: nothing.raw' }),
    /data file is "nothing\.raw", expected a file that exists/,
  ],
  ['5 axes', 'axes.mha', mha({ ndims: 'NDims = 5' }), /NDims is "5", expected 1 to 4/],
  ['no sizes', 'sizes.mha', mha({ sizes: '' }), /DimSize is missing, expected a line in the header/],
  ['a size of 0', 'zero.mha', mha({ sizes: 'DimSize = 2 0 2' }), /DimSize is "2 0 2", expected 3 whole numbers/],
  [
    'an unknown type',
    'type.mha',
    mha({ type: 'ElementType = MET_STRING' }),
    /ElementType is "MET_STRING", expected MET_ and one of/,
  ],
  [
    'a spacing of 0',
    'spacing.mha',
    mha({ spacing: 'ElementSpacing = 1 0 1' }),
    /TransformMatrix and ElementSpacing is .*can be inverted/,
  ],
  [
    'a matrix of 4 numbers',
    'matrix.mha',
    mha({ matrix: 'TransformMatrix = 1 0 0 1' }),
    /TransformMatrix is "1 0 0 1", expected 9 numbers/,
  ],
  [
    'more voxels than bytes',
    'large.mha',
    mha({ sizes: 'DimSize = 2 2 9' }),
    /DimSize is \[2, 2, 9\].*they need 72 bytes and it has 16/,
  ],
  [
    'a list of files',
    'list.mhd',
    mha({ file: 'ElementDataFile = LIST' }),
    /ElementDataFile is "LIST", expected LOCAL or one file/,
  ],
  [
    'a data file outside the folder',
    'outside.mhd',
    mha({ file: 'ElementDataFile = ../../etc/passwd' }),
    /ElementDataFile is .*in the header's own folder/,
  ],
  [
    'zlib data that is none',
    'zlib.mha',
    mha({ packed: 'CompressedData = True' }, Buffer.alloc(16, 7)),
    /compressed data is "damaged/,
  ],
  [
    'zlib data that is too short',
    'short.mha',
    mha({ packed: 'CompressedData = True' }, deflateSync(Buffer.alloc(10))),
    /DimSize is \[2, 2, 2\].*they need 16 bytes and it has 10/,
  ],
];

for (const [title, name, bytes, message] of cases) {
  test(`${name}: ${title} is refused, and the message says where it stands`, async (t) => {
    const file = join(folder, name);
    await writeFile(file, bytes);
    const error = await t.throwsAsync(readImageFile(file), { instanceOf: InvalidArgument });
    t.regex(error.message, message);
    t.true(error.message.startsWith(`${file}: `), error.message);
    t.is(error.reason, 'INVALID_IMAGE_FILE');
  });
}

test('a file that is not there, a folder and an unknown ending each have their sentence', async (t) => {
  await mkdir(join(folder, 'folder.nii'));
  await t.throwsAsync(readImageFile(join(folder, 'none.nii')), {
    message: /none\.nii: file is missing, expected a file/,
  });
  await t.throwsAsync(readImageFile(join(folder, 'none.nrrd')), { message: /none\.nrrd: file is missing, expected/ });
  await t.throwsAsync(readImageFile(join(folder, 'folder.nii')), {
    message: /file is "a folder", expected an image file/,
  });
  await t.throwsAsync(readImageFile(join(folder, 'scan.dcm')), {
    message: /scan\.dcm", expected a name ending in \.nii\.gz/,
  });
});

(process.platform === 'win32' ? test.skip : test)(
  'an image too large for memory is refused before it is read',
  async (t) => {
    // A sparse file: it takes no room on disk. 17 × 2^30 voxels of 16 bits behind a whole header.
    const file = join(folder, 'giant.nii');
    const head = bend((b) => {
      b.writeBigInt64BE(2n ** 20n, 24);
      b.writeBigInt64BE(2n ** 10n, 32);
      b.writeBigInt64BE(17n, 40);
    }, nifti2);
    await writeFile(file, head.subarray(0, 544));
    await truncate(file, 544 + 34 * 2 ** 30);
    await t.throwsAsync(readImageFile(file), {
      message: /dim is \[1048576, 1024, 17\], expected sizes of at most \d+ bytes/,
    });
  },
);

test('a gzip bomb costs no more than its header declares', async (t) => {
  // 512 MiB of zeros behind a header that declares 120 bytes of voxels.
  const file = join(folder, 'bomb.nii.gz');
  const zeros = gzipSync(Buffer.alloc(32 * 2 ** 20));
  await writeFile(file, Buffer.concat([gzipSync(nifti1), ...Array<Buffer>(16).fill(zeros)]));
  const before = process.memoryUsage().rss;
  const { voxels } = await readImageFile(file);
  t.is(voxels.length, 120);
  t.true(process.memoryUsage().rss - before < 64 * 2 ** 20);
});

test('what MONAI would warn of, or could not read, comes back as a warning beside the image', async (t) => {
  const singular = join(folder, 'singular-with-qform.nii');
  await writeFile(
    singular,
    bend((b) => {
      b.fill(0, 280, 328);
      b.writeInt16LE(1, 252);
    }),
  );
  const { header, warnings } = await readImageFile(singular);
  t.regex(warnings.join(), /the sform.*the qform is used/);
  t.true(header.indexToWorldLps.every(Number.isFinite));
  t.regex((await readImageFile(fixture('metres.nii'))).warnings.join(), /xyzt_units says metres/);
  t.regex((await readImageFile(fixture('no_form.nii'))).warnings.join(), /neither sform nor qform/);
  t.regex((await readImageFile(fixture('spacings.nrrd'))).warnings.join(), /no space is read as left-posterior/);
});
