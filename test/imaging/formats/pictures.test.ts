// PNG, JPEG and TIFF: every pixel is the one that MONAI's LoadImage has (test/golden/pictures.py).
import { mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { InvalidArgument } from '../../../server/errors.js';
import { readImageFile, writeImageFile } from '../../../server/imaging/formats/image-file.js';
import { imageFromVolume } from '../../../server/imaging/volume-view.js';

interface Picture {
  readonly file: string;
  readonly sizes: readonly number[];
  readonly components: number;
  readonly indexToWorldLps: readonly number[];
  readonly numbers: string;
}

const folder = new URL('../../fixtures/pictures/', import.meta.url);
const pictures = JSON.parse(readFileSync(new URL('pictures.json', folder), 'utf8')) as Picture[];
const temporary = mkdtempSync(join(tmpdir(), 'voxhost-pictures-'));
test.after.always(() => rm(temporary, { recursive: true, force: true }));

const inFolder = (file: string): string => fileURLToPath(new URL(file, folder));

/** Components side by side, i fastest. */
async function numbersOf(file: string): Promise<Float32Array> {
  const { header, voxels } = await readImageFile(file);
  return Float32Array.from(imageFromVolume(voxels, header, header.sizes.length).data);
}

for (const picture of pictures) {
  test(`${picture.file} is read as MONAI's LoadImage reads it`, async (t) => {
    const { header } = await readImageFile(inFolder(picture.file));
    t.deepEqual(header.sizes, picture.sizes);
    t.is(header.components, picture.components);
    const worst = Math.max(...picture.indexToWorldLps.map((v, n) => Math.abs(v - header.indexToWorldLps[n]!)));
    t.true(worst < 1e-6, `geometry ${header.indexToWorldLps}, expected ${picture.indexToWorldLps}`);
    const bytes = Buffer.from(picture.numbers, 'base64');
    const expected = new Float32Array(new Uint8Array(bytes).buffer);
    const actual = await numbersOf(inFolder(picture.file));
    t.is(actual.length, expected.length);
    t.is(
      expected.findIndex((value, n) => value !== actual[n]),
      -1,
    );
  });

  test(`${picture.file} written as PNG or TIFF reads back the same`, async (t) => {
    const { header, voxels } = await readImageFile(inFolder(picture.file));
    const isPicture = header.sizes.length === 2 && /^uint(?:8|16)$/.test(header.componentType);
    const endings = [
      // Grey of 16 bits keeps them in a PNG; colours of 16 bits are read as 8.
      ...(isPicture && (header.componentType === 'uint8' || header.components === 1) ? ['.png'] : []),
      '.tif',
    ];
    for (const ending of endings) {
      const copy = join(temporary, `${picture.file}${ending}`);
      await writeImageFile(copy, header, voxels);
      const back = await readImageFile(copy);
      t.deepEqual(back.header.sizes, header.sizes, ending);
      t.is(back.header.componentType, header.componentType, ending);
      t.true(Buffer.from(voxels).equals(back.voxels), ending);
    }
  });
}

test('what a picture cannot hold is refused, with a format that can', async (t) => {
  const { header, voxels } = await readImageFile(inFolder('pages.tif'));
  await t.throwsAsync(writeImageFile(join(temporary, 'deep.png'), header, voxels), {
    instanceOf: InvalidArgument,
    message: /14 × 11 × 3 voxels.*expected an image of two axes.*\.nii\.gz/s,
  });
  await t.throwsAsync(writeImageFile(join(temporary, 'lossy.jpg'), header, voxels), {
    instanceOf: InvalidArgument,
    message: /JPEG would change the numbers/,
  });
});
