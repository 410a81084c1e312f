// Archives for tests: one of a source text alone, and golden ones with a record changed.
import { openArchive } from '../../server/torchscript/archive/archive.js';
import { global, pickle, text } from './pickle/assemble.js';
import { type TestEntry, writeZip } from './zip.js';

const LIMITS = { maxRecords: 1_000, maxInflatedBytes: 1 << 24, maxTextBytes: 1 << 24 };

/** An archive whose network is of a class `N` with this `forward`, and with what else stands in the file. */
export function archiveOf(forward: string, more = '', attributes = '}'): Uint8Array {
  const body = forward
    .split('\n')
    .map((line) => `    ${line}\n`)
    .join('');
  const source = `class N(Module):\n  training : bool\n  def forward(self: __torch__.N,\n    x: Tensor) -> Tensor:\n${body}${more}`;
  return writeRecords({
    'data.pkl': pickle(global('__torch__', 'N'), ')', 0x81, attributes, 'b'),
    'constants.pkl': pickle(')'),
    'code/__torch__.py': Buffer.from(source),
    version: Buffer.from('3\n'),
    byteorder: Buffer.from('little'),
  });
}

/** Attributes for `archiveOf`: a name and its value's opcodes. */
export function attributes(values: Readonly<Record<string, Uint8Array>>): string {
  const items = Object.entries(values).map(([name, value]) => Buffer.concat([text(name), value]).toString('latin1'));
  return `}(${items.join('')}u`;
}

export function writeRecords(records: Readonly<Record<string, Uint8Array>>): Buffer {
  const entries = Object.entries(records).map(([name, data]): TestEntry => ({ name: `net/${name}`, data }));
  return writeZip(entries);
}

export function readRecords(bytes: Uint8Array): Record<string, Uint8Array> {
  const archive = openArchive(bytes, LIMITS);
  return Object.fromEntries(archive.records.map((name) => [name, archive.read(name)]));
}
