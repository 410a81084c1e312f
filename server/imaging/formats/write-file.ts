// Writes a file so that it appears whole or not at all: beside its place first, then renamed.
import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';

const PIECE_BYTES = 2 ** 20;

/** Bytes, one piece after the other, through one packer where there is one. */
export interface FilePart {
  readonly pieces: readonly Uint8Array[];
  readonly packer?: Transform;
}

/** Writes parts as one file. A part's packer sees that part only. */
export async function writeWholeFile(file: string, parts: readonly FilePart[]): Promise<void> {
  const temporary = `${file}.${randomBytes(6).toString('hex')}.part`;
  try {
    await pipeline(packed(parts), createWriteStream(temporary, { flags: 'wx' }));
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function* packed(parts: readonly FilePart[]): AsyncGenerator<Uint8Array> {
  for (const { pieces, packer } of parts) {
    const source = Readable.from(cut(pieces), { objectMode: false });
    yield* packer ? source.pipe(packer) : source;
  }
}

function* cut(pieces: readonly Uint8Array[]): Generator<Uint8Array> {
  for (const bytes of pieces) {
    for (let start = 0; start < bytes.length; start += PIECE_BYTES) yield bytes.subarray(start, start + PIECE_BYTES);
  }
}
