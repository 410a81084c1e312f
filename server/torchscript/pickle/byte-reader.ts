// Walks over the bytes of a pickle; what would lead past their end is an error that names the record and the byte.
import { TorchScriptError } from '../error.js';

export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #record: string;
  #at = 0;

  constructor(bytes: Uint8Array, record: string) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#record = record;
  }

  /** Where the next byte is read. */
  get at(): number {
    return this.#at;
  }

  uint8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  uint16(): number {
    return this.#view.getUint16(this.#take(2), true);
  }

  int32(): number {
    return this.#view.getInt32(this.#take(4), true);
  }

  uint32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  /** A length of 8 bytes. */
  length64(): number {
    const length = this.#view.getBigUint64(this.#take(8), true);
    return length > BigInt(this.#bytes.length) ? this.#bytes.length + 1 : Number(length);
  }

  /** Big-endian, as pickles have their floats. */
  float64(): number {
    return this.#view.getFloat64(this.#take(8), false);
  }

  bytes(length: number): Uint8Array {
    const at = this.#take(length);
    return this.#bytes.subarray(at, at + length);
  }

  text(length: number): string {
    const bytes = this.bytes(length);
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    } catch {
      throw this.#damaged('a text is not UTF-8');
    }
  }

  /** Text up to a newline. */
  line(): string {
    const end = this.#bytes.indexOf(0x0a, this.#at);
    if (end < 0) throw this.#damaged('a line has no end');
    const text = this.text(end - this.#at);
    this.#take(1);
    return text;
  }

  #take(length: number): number {
    const at = this.#at;
    if (at + length > this.#bytes.length) throw this.#damaged(`${length} more bytes are missing`);
    this.#at = at + length;
    return at;
  }

  #damaged(what: string): TorchScriptError {
    return new TorchScriptError('damaged', `${this.#record}, byte ${this.#at}`, `${what}. Copy the file again.`);
  }
}
