// CHUNK_ENCODING_DELTA_SHUFFLE_DEFLATE of volume_service.proto: a filter that makes voxels small, then raw DEFLATE.
import { promisify } from 'node:util';
import { constants, deflateRaw, inflateRaw } from 'node:zlib';
import { InvalidArgument } from '../errors.js';
import { filterComponents, unfilterComponents } from './delta-shuffle.js';

const deflate = promisify<Uint8Array, Parameters<typeof deflateRaw>[1], Buffer>(deflateRaw);

/** Bytes that a component may have. */
const COMPONENT_WIDTHS = [1, 2, 4, 8];

/**
 * Encodes whole components of `componentBytes` (1, 2, 4 or 8) bytes each. The filter runs here (2 ms a MiB), the
 * compression, which takes longer, in libuv's thread pool.
 * @throws RangeError when `bytes` are not whole components: that is the caller's mistake.
 */
export function encodeChunk(bytes: Uint8Array, componentBytes: number): Promise<Buffer> {
  if (!COMPONENT_WIDTHS.includes(componentBytes) || bytes.length % componentBytes !== 0) {
    throw new RangeError(`${bytes.length} bytes are not whole components of ${componentBytes} bytes`);
  }
  const filtered = filterComponents(bytes, componentBytes);
  return deflate(filtered, { level: constants.Z_BEST_SPEED, chunkSize: Math.max(4096, filtered.length >> 1) });
}

/**
 * Decodes what `encodeChunk`, or another language's encoder, made. Never more than `decodedBytes` are unpacked, so a
 * bomb costs no more than an honest chunk.
 * @throws InvalidArgument for `chunk.decoded_bytes` (not a whole number of components, or above `maxDecodedBytes`) and
 *   for `chunk.data` (not DEFLATE, cut short, followed by something else, or of another size than said).
 */
export async function decodeChunk(
  data: Uint8Array,
  decodedBytes: number,
  componentBytes: number,
  maxDecodedBytes: number,
): Promise<Buffer> {
  if (!Number.isSafeInteger(decodedBytes) || decodedBytes < 1 || decodedBytes % componentBytes !== 0) {
    const expected = `the bytes that data decodes to: a positive multiple of ${componentBytes}`;
    throw new InvalidArgument('chunk.decoded_bytes', decodedBytes, expected);
  }
  if (decodedBytes > maxDecodedBytes) {
    throw new InvalidArgument('chunk.decoded_bytes', decodedBytes, `at most ${maxDecodedBytes}`, {
      remedy: 'Send smaller chunks.',
    });
  }
  return unfilterComponents(await inflate(data, decodedBytes), componentBytes);
}

function inflate(data: Uint8Array, decodedBytes: number): Promise<Buffer> {
  const expected = `raw DEFLATE of exactly ${decodedBytes} bytes`;
  const wrong = (what: string): InvalidArgument =>
    new InvalidArgument('chunk.data', `${data.length} bytes ${what}`, expected);
  // A little more room than needed lets zlib see the stream's end in one pass; `maxOutputLength` still holds it back.
  const options = { chunkSize: decodedBytes + 64, maxOutputLength: decodedBytes, info: true };
  return new Promise((resolve, reject) => {
    inflateRaw(data, options, (error, result) => {
      if (error) return reject(wrong(explain(error as NodeJS.ErrnoException)));
      const { buffer, engine } = result as unknown as { buffer: Buffer; engine: { bytesWritten: number } };
      if (buffer.length !== decodedBytes) return reject(wrong(`that unpack to ${buffer.length}`));
      const rest = data.length - engine.bytesWritten;
      if (rest > 0) return reject(wrong(`with ${rest} left over behind the stream's end`));
      resolve(buffer);
    });
  });
}

function explain(error: NodeJS.ErrnoException): string {
  if (error.code === 'ERR_BUFFER_TOO_LARGE') return 'that unpack to more';
  if (error.code === 'Z_BUF_ERROR') return 'that end in the middle of the stream';
  return `that are not DEFLATE (${error.message})`;
}
