import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import test from 'ava';
import { InvalidArgument } from '../../server/errors.js';
import { decodeChunk, encodeChunk } from '../../server/streams/chunk-encoding.js';

interface Golden {
  readonly name: string;
  readonly componentBytes: number;
  readonly raw: string;
  readonly filtered: string;
  readonly encoded: string;
}

const MAX_BYTES = 1 << 22;
const goldens: Golden[] = JSON.parse(readFileSync(new URL('../fixtures/chunk-encoding.json', import.meta.url), 'utf8'));

for (const golden of goldens) {
  const title = `${golden.name}, ${golden.componentBytes} bytes a component`;
  const raw = Buffer.from(golden.raw, 'hex');
  test(`encoding matches Python's integers: ${title}`, async (t) => {
    const encoded = await encodeChunk(raw, golden.componentBytes);
    t.is(inflateRawSync(encoded).toString('hex'), golden.filtered);
  });
  test(`decoding what Python's zlib wrote gives the voxels back: ${title}`, async (t) => {
    const encoded = Buffer.from(golden.encoded, 'hex');
    t.deepEqual(await decodeChunk(encoded, raw.length, golden.componentBytes, MAX_BYTES), raw);
  });
}

for (const componentBytes of [1, 2, 4, 8]) {
  test(`a MiB of noise comes back as it was at an odd address, ${componentBytes} bytes a component`, async (t) => {
    const bytes = randomBytes((1 << 20) + 3).subarray(3);
    const copy = Buffer.from(bytes);
    const decoded = await decodeChunk(
      await encodeChunk(bytes, componentBytes),
      bytes.length,
      componentBytes,
      MAX_BYTES,
    );
    t.true(decoded.equals(copy));
    t.true(bytes.equals(copy), 'the input was changed');
  });
}

test('a smooth 16-bit ramp becomes at least 50 times smaller', async (t) => {
  const ramp = Buffer.from(new Uint16Array(1 << 18).map((_, index) => (index % 512) * 3).buffer);
  const encoded = await encodeChunk(ramp, 2);
  t.true(encoded.length * 50 < ramp.length, `${encoded.length} bytes`);
});

test('bytes that are not whole components are the caller’s mistake', (t) => {
  t.throws(() => encodeChunk(Buffer.alloc(7), 2), { instanceOf: RangeError });
  t.throws(() => encodeChunk(Buffer.alloc(9), 3), { instanceOf: RangeError });
});

const refused = test.macro(
  async (t, make: () => Promise<[data: Uint8Array, decodedBytes: number, componentBytes: number]>, says: RegExp) => {
    const [data, decodedBytes, componentBytes] = await make();
    const error = await t.throwsAsync(decodeChunk(data, decodedBytes, componentBytes, MAX_BYTES), {
      instanceOf: InvalidArgument,
    });
    t.regex(error?.message ?? '', says);
  },
);
const honest = () => encodeChunk(randomBytes(4096), 2);

test(
  'refuses a stream cut short',
  refused,
  async () => [(await honest()).subarray(0, 2000), 4096, 2],
  /chunk\.data .*middle/,
);
test('refuses an empty stream', refused, async () => [Buffer.alloc(0), 4096, 2], /chunk\.data is "0 bytes that end/);
test(
  'refuses what is not DEFLATE',
  refused,
  async () => [Buffer.alloc(100, 0xff), 4096, 2],
  /chunk\.data .*not DEFLATE/,
);
test(
  'refuses bytes behind the stream’s end',
  refused,
  async () => [Buffer.concat([await honest(), Buffer.alloc(5)]), 4096, 2],
  /chunk\.data .*5 left over/,
);
test('refuses a stream that unpacks to less', refused, async () => [await honest(), 4098, 2], /unpack to 4096/);
test('refuses a stream that unpacks to more', refused, async () => [await honest(), 4094, 2], /unpack to more/);
test('refuses half a component', refused, async () => [await honest(), 4095, 2], /chunk\.decoded_bytes is 4095/);
test('refuses no size', refused, async () => [await honest(), 0, 2], /chunk\.decoded_bytes is 0/);
test(
  'refuses a size that is not a number',
  refused,
  async () => [await honest(), Number.NaN, 2],
  /decoded_bytes is NaN/,
);
test('refuses more than a chunk may hold', refused, async () => [await honest(), MAX_BYTES + 2, 2], /at most 4194304/);

test('a bomb that would unpack to 256 MiB costs no more than the chunk it claims to be', async (t) => {
  const bomb = deflateRawSync(Buffer.alloc(1 << 28));
  const before = process.memoryUsage().arrayBuffers;
  let peak = 0;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().arrayBuffers - before);
  }, 1);
  await t.throwsAsync(decodeChunk(bomb, 1 << 20, 2, MAX_BYTES), { message: /unpack to more/ });
  clearInterval(watch);
  t.true(peak < 8 << 20, `${peak} bytes`);
});
