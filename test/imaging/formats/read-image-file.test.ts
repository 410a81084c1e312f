// Small files of every sort, read as nibabel, MONAI, SimpleITK and pynrrd read them (test/golden/formats.py).
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { readImageFile } from '../../../server/imaging/formats/image-file.js';
import type { ComponentType } from '../../../server/imaging/volume-header.js';

const folder = new URL('../../fixtures/formats/', import.meta.url);

interface Golden {
  readonly file: string;
  readonly oracle: string;
  readonly sizes: readonly number[];
  readonly componentType: ComponentType;
  readonly components: number;
  readonly indexToWorldLps: readonly number[];
  readonly sha256: string;
}

const entries = JSON.parse(readFileSync(new URL('formats.json', folder), 'utf8')) as Golden[];

for (const golden of entries) {
  test(`${golden.file} reads as ${golden.oracle} reads it`, async (t) => {
    const { header, voxels } = await readImageFile(fileURLToPath(new URL(golden.file, folder)));
    t.deepEqual(header.sizes, golden.sizes);
    t.is(header.componentType, golden.componentType);
    t.is(header.components, golden.components);
    const worst = Math.max(...header.indexToWorldLps.map((value, n) => Math.abs(value - golden.indexToWorldLps[n]!)));
    t.true(
      worst < 1e-9,
      `geometry differs by ${worst}: ${header.indexToWorldLps} instead of ${golden.indexToWorldLps}`,
    );
    t.is(createHash('sha256').update(voxels).digest('hex'), golden.sha256);
  });
}

test('the golden files are all there', (t) => {
  t.true(entries.length >= 70, `${entries.length}`);
});
