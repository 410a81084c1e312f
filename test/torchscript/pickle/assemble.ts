// Pickles for tests, opcode by opcode.

/** One part: an opcode's character, a number for a byte, or bytes. */
export type Part = string | number | Uint8Array;

export function pickle(...parts: readonly Part[]): Uint8Array {
  const bytes = parts.map((part) =>
    typeof part === 'number' ? Uint8Array.of(part) : typeof part === 'string' ? Buffer.from(part, 'latin1') : part,
  );
  return Buffer.concat([Uint8Array.of(0x80, 2), ...bytes, Buffer.from('.')]);
}

export function text(value: string): Uint8Array {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  return Buffer.concat([Buffer.from('X'), length, bytes]);
}

export function int(value: number): Uint8Array {
  const bytes = Buffer.alloc(5);
  bytes.write('J', 'latin1');
  bytes.writeInt32LE(value, 1);
  return bytes;
}

export function global(module: string, name: string): Uint8Array {
  return Buffer.from(`c${module}\n${name}\n`);
}

/** A tensor of `torch.FloatStorage` with these numbers in its description. */
export function tensor(of: {
  key?: string;
  count: number;
  offset: number;
  sizes: number[];
  strides: number[];
}): Uint8Array {
  const tuple = (numbers: readonly number[]) =>
    Buffer.concat([Buffer.from('('), ...numbers.map(int), Buffer.from('t')]);
  return Buffer.concat([
    global('torch._utils', '_rebuild_tensor_v2'),
    Buffer.from('(('),
    text('storage'),
    global('torch', 'FloatStorage'),
    text(of.key ?? '0'),
    text('cpu'),
    int(of.count),
    Buffer.from('tQ'),
    int(of.offset),
    tuple(of.sizes),
    tuple(of.strides),
    Buffer.from([0x89]),
    global('collections', 'OrderedDict'),
    Buffer.from(')RtR'),
  ]);
}
