// Golden messages as the TypeScript client reads them: what protobuf for Python wrote, field by field.
import { isDeepStrictEqual } from 'node:util';
import { loadProtocol } from '../../proto/protocol.js';

/** A message of messages.json: the same as hexadecimal bytes and as protobuf's canonical JSON. */
export interface GoldenMessage {
  readonly name: string;
  readonly type: string;
  readonly bytes: string;
  readonly json: Readonly<Record<string, unknown>>;
}

interface MessageType {
  readonly format: string;
  serialize(value: object): Buffer;
  deserialize(bytes: Buffer): Record<string, unknown>;
}

/**
 * Reads each message from its bytes, and again from what the client writes of it.
 * @returns how many there were. @throws Error naming the message and the field that is not as the JSON has it.
 */
export function compareMessages(golden: readonly GoldenMessage[]): number {
  const { v1 } = loadProtocol().voxhost;
  for (const { name, type, bytes, json } of golden) {
    const message = v1[type.replace('voxhost.v1.', '') as keyof typeof v1] as unknown as MessageType;
    const read = message.deserialize(Buffer.from(bytes, 'hex'));
    compare(read, json, name);
    const again = message.deserialize(message.serialize(read));
    if (!isDeepStrictEqual(again, read)) throw new Error(`${name}: not the same when written and read again`);
  }
  return golden.length;
}

/** A field that the JSON leaves out has its default; every other is equal under JSON's rules for protobuf. */
function compare(read: unknown, json: unknown, at: string): void {
  if (json === undefined) {
    if (!isDefault(read)) throw new Error(`${at}: ${JSON.stringify(read)}, expected its default`);
  } else if (Array.isArray(read) && Array.isArray(json)) {
    if (read.length !== json.length) throw new Error(`${at}: ${read.length} elements, expected ${json.length}`);
    read.forEach((one, index) => {
      compare(one, json[index], `${at}[${index}]`);
    });
  } else if (isPlain(read) && isPlain(json)) {
    // Which field of a oneof is set stands in a field of its own, of the oneof's name: `message`, `event`.
    const fields = Object.keys(read).filter((field) => !(typeof read[field] === 'string' && isOneof(read, field)));
    for (const field of new Set([...fields, ...Object.keys(json)])) compare(read[field], json[field], `${at}.${field}`);
  } else if (!isDeepStrictEqual(plain(read), typeof read === 'number' ? Number(json) : json)) {
    throw new Error(`${at}: ${JSON.stringify(read)}, expected ${JSON.stringify(json)}`);
  }
}

/** What JSON has for bytes, durations, times and values that may be of any type. */
function plain(read: unknown): unknown {
  if (Buffer.isBuffer(read)) return read.toString('base64');
  if (!isPlain(read)) return read;
  if (typeof read['kind'] === 'string') return read[read['kind']];
  const { seconds, nanos } = read as { seconds: number; nanos: number };
  const fraction =
    nanos === 0
      ? ''
      : `.${String(nanos)
          .padStart(9, '0')
          .replace(/(000)+$/, '')}`;
  const isTime = seconds > 1_000_000_000;
  return isTime ? `${new Date(seconds * 1000).toISOString().slice(0, 19)}${fraction}Z` : `${seconds}${fraction}s`;
}

function isOneof(read: Record<string, unknown>, field: string): boolean {
  return String(read[field]) in read && read[field] !== field;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !Buffer.isBuffer(value);
}

function isDefault(value: unknown): boolean {
  if (value === undefined || value === null || value === 0 || value === '' || value === false) return true;
  if (typeof value === 'string') return value.endsWith('_UNSPECIFIED');
  if (Array.isArray(value) || Buffer.isBuffer(value)) return value.length === 0;
  return isPlain(value) && Object.keys(value).length === 0;
}
