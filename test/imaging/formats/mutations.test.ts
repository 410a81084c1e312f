// A thousand seeded mutations of real files of each format: each is an image that holds together, or an error of ours
// that names the file.
import { mkdtempSync, readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32, gunzipSync, gzipSync } from 'node:zlib';
import test, { type ExecutionContext } from 'ava';
import { VoxhostError } from '../../../server/errors.js';
import { type ImageFile, imageFileEnding, readImageFile } from '../../../server/imaging/formats/image-file.js';
import { headerSizeBytes } from '../../../server/imaging/volume-header.js';

type Dice = (below: number) => number;

/** Numbers below a bound, the same for the same seed (mulberry32). */
function createDice(seed: number): Dice {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const pick = <T>(dice: Dice, list: readonly T[]): T => list[dice(list.length)]!;
const folder = mkdtempSync(join(tmpdir(), 'voxhost-mutations-'));
test.after.always(() => rm(folder, { recursive: true, force: true }));

const SOURCES: Readonly<Record<string, readonly string[]>> = {
  NIfTI: [
    'formats/type_int16.nii',
    'formats/nifti2_big_endian.nii',
    'formats/oblique_int16.nii.gz',
    'formats/left_handed_qform.nii',
    'formats/scaled_uint8.nii.gz',
    'formats/rgb24.nii.gz',
    'formats/series_float64.nii.gz',
    'formats/extended.nii',
  ],
  NRRD: [
    'formats/big_endian.nrrd',
    'formats/oblique_int16.nrrd',
    'formats/crlf_gz.nrrd',
    'formats/rgb_uint8.nrrd',
    'formats/space_las.nrrd',
    'formats/spacings.nrrd',
  ],
  MHA: ['formats/big_endian.mha', 'formats/oblique_int16.mha', 'formats/left_handed_float64.mha', 'formats/text.mha'],
  PNG: [
    'pictures/grey-16-interlaced.png',
    'pictures/rgb-8-filters.png',
    'pictures/palette-2-interlaced.png',
    'pictures/rgba-16-filters.png',
    'pictures/grey-alpha.png',
    'pictures/bits.png',
  ],
};

const WORDS = ['0', '-1', '1e400', 'nan', '4294967296', '9007199254740993', '1e9 1e9 1e9', '', ' ', '\0', 'é', 'raw'];

/** One change to a file's bytes, most often where its header is. */
function change(bytes: Buffer, headerBytes: number, dice: Dice): Buffer {
  const within = dice(3) > 0 ? Math.min(headerBytes, bytes.length) : bytes.length;
  const at = dice(Math.max(1, within));
  const changed = Buffer.from(bytes);
  switch (dice(8)) {
    case 0:
      return changed.subarray(0, at);
    case 1:
      return Buffer.concat([changed.subarray(0, at), Buffer.alloc(1 + dice(40), dice(256)), changed.subarray(at)]);
    case 2:
      return Buffer.concat([changed.subarray(0, at), changed.subarray(Math.min(bytes.length, at + 1 + dice(40)))]);
    case 3: {
      if (changed.length < 4) return changed;
      const number = pick(dice, [0, 1, 255, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff, 0x7f800000]);
      const place = Math.min(at & ~1, Math.max(0, changed.length - 4));
      if (dice(2) === 0) changed.writeUInt32LE(number, place);
      else changed.writeUInt32BE(number, place);
      return changed;
    }
    case 4:
    case 5: {
      // A word of a text header, or of what looks like one.
      const text = changed.toString('latin1');
      const words = text.slice(0, within).split(/\b/);
      words[dice(words.length)] = dice(2) === 0 ? pick(dice, WORDS) : words[dice(words.length)]!;
      return Buffer.from(words.join('') + text.slice(within), 'latin1');
    }
    default:
      changed[at] = dice(256);
      return changed;
  }
}

/** The checksum of every chunk made right again, so that what a chunk says is looked at. */
function withChecksums(png: Buffer): Buffer {
  for (let at = 8; at + 12 <= png.length; ) {
    const length = png.readUInt32BE(at);
    if (at + 12 + length > png.length) break;
    png.writeUInt32BE(crc32(png.subarray(at + 4, at + 8 + length)), at + 8 + length);
    at += 12 + length;
  }
  return png;
}

function mutate(source: string, bytes: Buffer, dice: Dice): Buffer {
  const packed = source.endsWith('.gz') && dice(4) > 0;
  const headerBytes = source.endsWith('.png') ? 60 : source.includes('.nii') ? 352 : 500;
  let changed = packed ? gunzipSync(bytes) : bytes;
  for (let times = 1 + dice(3); times > 0; times--) changed = change(changed, headerBytes, dice);
  if (source.endsWith('.png') && dice(4) > 0) changed = withChecksums(Buffer.from(changed));
  return packed ? gzipSync(changed, { level: 1 }) : changed;
}

/** What every image must be, whatever its file said. */
function holdsTogether(t: ExecutionContext, { header, voxels }: ImageFile, name: string): void {
  t.is(voxels.length, headerSizeBytes(header), name);
  t.true(
    [1, 2, 3, 4].includes(header.sizes.length) && header.sizes.every((size) => Number.isSafeInteger(size) && size > 0),
    name,
  );
  t.is(header.indexToWorldLps.length, 12, name);
  t.true(header.indexToWorldLps.every(Number.isFinite), `${name}: ${header.indexToWorldLps}`);
  const [a, b, c, , d, e, f, , g, h, i] = header.indexToWorldLps as unknown as number[] & { length: 12 };
  t.not(a! * (e! * i! - f! * h!) - b! * (d! * i! - f! * g!) + c! * (d! * h! - e! * g!), 0, name);
}

const SEEDS = 1_000;
const BATCH = 250;

for (const [format, sources] of Object.entries(SOURCES)) {
  const files = sources.map((source) => {
    const bytes = readFileSync(fileURLToPath(new URL(`../../fixtures/${source}`, import.meta.url)));
    return { ending: imageFileEnding(source)!, source, bytes };
  });
  for (let first = 1; first <= SEEDS; first += BATCH) {
    test(`${format} files mutated, ${first} to ${first + BATCH - 1}: an image that holds together, or what is wrong with the file`, async (t) => {
      t.timeout(100_000, 'a mutated file hung');
      const outcomes = { read: 0, refused: 0 };
      for (let seed = first; seed < first + BATCH; seed++) {
        const dice = createDice(seed);
        const { ending, source, bytes } = pick(dice, files);
        const name = `${format}-${seed}${ending}`;
        const file = join(folder, name);
        await writeFile(file, mutate(source, bytes, dice));
        try {
          holdsTogether(t, await readImageFile(file), `${name} of ${source}`);
          outcomes.read++;
        } catch (error) {
          if (!(error instanceof VoxhostError)) throw error;
          t.true(error.message.includes(name), `${name} of ${source}: ${error.message}`);
          t.true(error.message.length < 1_500, `${name}: ${error.message.length} characters`);
          outcomes.refused++;
        }
        await rm(file);
      }
      t.true(outcomes.read > 0 && outcomes.refused > 0, JSON.stringify(outcomes));
    });
  }
}

test('a NIfTI file changed only where words are for people is the same image', async (t) => {
  const bytes = readFileSync(fileURLToPath(new URL('../../fixtures/formats/type_int16.nii', import.meta.url)));
  const file = join(folder, 'words.nii');
  await writeFile(file, bytes);
  const before = await readImageFile(file);
  for (let seed = 1; seed <= 50; seed++) {
    const dice = createDice(seed);
    const changed = Buffer.from(bytes);
    // descrip and aux_file.
    for (let at = 148; at < 252; at++) if (dice(2) === 0) changed[at] = dice(256);
    await writeFile(file, changed);
    t.deepEqual(await readImageFile(file), before);
  }
});

test('a NIfTI file changed only behind its header has those bytes as voxels', async (t) => {
  const bytes = readFileSync(fileURLToPath(new URL('../../fixtures/formats/type_int16.nii', import.meta.url)));
  const file = join(folder, 'voxels.nii');
  for (let seed = 1; seed <= 50; seed++) {
    const dice = createDice(seed);
    const changed = Buffer.from(bytes);
    for (let at = 352; at < changed.length; at++) if (dice(2) === 0) changed[at] = dice(256);
    await writeFile(file, changed);
    const { voxels } = await readImageFile(file);
    t.true(changed.subarray(352).equals(voxels));
  }
});
