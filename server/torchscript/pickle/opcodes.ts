// The opcodes that PyTorch's pickler writes (protocol 2, and what Python's adds for the same data): what each does.
import type { ByteReader } from './byte-reader.js';
import type { Pickled } from './pickled.js';

export type Opcode =
  | { readonly does: 'push'; readonly value: Pickled }
  | { readonly does: 'make-list' | 'make-dict' | 'mark' | 'append' | 'appends' | 'set-item' | 'set-items' | 'pop' }
  | { readonly does: 'tuple'; readonly size?: number }
  | { readonly does: 'put'; readonly index?: number }
  | { readonly does: 'get'; readonly index: number }
  | { readonly does: 'global'; readonly module: string; readonly name: string }
  | { readonly does: 'stack-global' | 'persistent' | 'reduce' | 'new-object' | 'build' | 'nothing' };

const MAX_PROTOCOL = 5;

/** Reads the opcode's argument; undefined for an opcode that is not allowed. */
export function readOpcode(opcode: number, reader: ByteReader): Opcode | undefined {
  switch (opcode) {
    case 0x80: // PROTO
      return reader.uint8() <= MAX_PROTOCOL ? { does: 'nothing' } : undefined;
    case 0x95: // FRAME
      reader.length64();
      return { does: 'nothing' };
    case 0x28: // MARK
      return { does: 'mark' };
    case 0x30: // POP
      return { does: 'pop' };
    case 0x29: // EMPTY_TUPLE
      return { does: 'tuple', size: 0 };
    case 0x85: // TUPLE1
    case 0x86: // TUPLE2
    case 0x87: // TUPLE3
      return { does: 'tuple', size: opcode - 0x84 };
    case 0x74: // TUPLE
      return { does: 'tuple' };
    case 0x5d: // EMPTY_LIST
      return { does: 'make-list' };
    case 0x61: // APPEND
      return { does: 'append' };
    case 0x65: // APPENDS
      return { does: 'appends' };
    case 0x7d: // EMPTY_DICT
      return { does: 'make-dict' };
    case 0x73: // SETITEM
      return { does: 'set-item' };
    case 0x75: // SETITEMS
      return { does: 'set-items' };
    case 0x71: // BINPUT
      return { does: 'put', index: reader.uint8() };
    case 0x72: // LONG_BINPUT
      return { does: 'put', index: reader.uint32() };
    case 0x94: // MEMOIZE
      return { does: 'put' };
    case 0x68: // BINGET
      return { does: 'get', index: reader.uint8() };
    case 0x6a: // LONG_BINGET
      return { does: 'get', index: reader.uint32() };
    case 0x63: // GLOBAL
      return { does: 'global', module: reader.line(), name: reader.line() };
    case 0x93: // STACK_GLOBAL
      return { does: 'stack-global' };
    case 0x51: // BINPERSID
      return { does: 'persistent' };
    case 0x52: // REDUCE
      return { does: 'reduce' };
    case 0x81: // NEWOBJ
      return { does: 'new-object' };
    case 0x62: // BUILD
      return { does: 'build' };
    default: {
      const value = readLiteral(opcode, reader);
      return value === undefined ? undefined : { does: 'push', value };
    }
  }
}

function readLiteral(opcode: number, reader: ByteReader): Pickled | undefined {
  switch (opcode) {
    case 0x4e: // NONE
      return null;
    case 0x88: // NEWTRUE
      return true;
    case 0x89: // NEWFALSE
      return false;
    case 0x4b: // BININT1
      return BigInt(reader.uint8());
    case 0x4d: // BININT2
      return BigInt(reader.uint16());
    case 0x4a: // BININT
      return BigInt(reader.int32());
    case 0x8a: // LONG1
      return readLong(reader.bytes(reader.uint8()));
    case 0x47: // BINFLOAT
      return reader.float64();
    case 0x58: // BINUNICODE
      return reader.text(reader.uint32());
    case 0x8c: // SHORT_BINUNICODE
      return reader.text(reader.uint8());
    default:
      return undefined;
  }
}

/** Two's complement, little-endian. */
function readLong(bytes: Uint8Array): bigint {
  const value = bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return BigInt.asIntN(Math.max(1, bytes.length * 8), value);
}
