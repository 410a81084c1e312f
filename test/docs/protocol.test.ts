// docs/protocol.md agrees with the proto files and with the host: names, calls, defaults, its worked example, pictures.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import test from 'ava';
import protobuf from 'protobufjs';
import { PICTURES } from '../../docs/images/draw-protocol.js';
import { resolveConfig } from '../../server/config.js';
import { READ_CHUNK_BYTES } from '../../server/rpc/read-chunks.js';
import { WINDOW_BYTES } from '../../server/rpc/windows.js';
import { decodeChunk, encodeChunk } from '../../server/streams/chunk-encoding.js';
import { ROOT } from '../fixtures/start-host.js';

const page = readFileSync(join(ROOT, 'docs', 'protocol.md'), 'utf8');
const errors = readFileSync(join(ROOT, 'docs', 'errors.md'), 'utf8');
const terms = [...page.replaceAll(/^```.*?^```/gms, '').matchAll(/`([^`\n]+)`/g)].map((match) => match[1]!);
const declared = readDeclared();

/** What the proto files declare, read by protobufjs. */
function readDeclared() {
  const root = new protobuf.Root();
  root.resolvePath = (_, target) => join(ROOT, 'proto', target);
  root.loadSync(
    ['host', 'workflow', 'volume', 'run'].map((name) => `voxhost/v1/${name}_service.proto`),
    { keepCase: true },
  );
  const own = root.lookup('voxhost.v1') as protobuf.Namespace;
  const calls = new Set<string>();
  const services = new Set<string>();
  const messages = new Map<string, Set<string>>();
  const values = new Set<string>();
  for (const one of own.nestedArray) {
    if (one instanceof protobuf.Service) {
      services.add(one.name);
      for (const method of one.methodsArray) calls.add(method.name);
    } else if (one instanceof protobuf.Type) messages.set(one.name, new Set(one.fieldsArray.map(({ name }) => name)));
    else if (one instanceof protobuf.Enum) for (const value of Object.keys(one.values)) values.add(value);
  }
  return { calls, services, messages, values, fields: new Set([...messages.values()].flatMap((names) => [...names])) };
}

test('every call of the protocol has one row in the table of calls, and no row is of another', (t) => {
  const table = /\| call \|.*?(?=\n\n)/s.exec(page)![0];
  const rows = [...table.matchAll(/^\| `(\w+)` \|/gm)].map((match) => match[1]!);
  const services = [...table.matchAll(/^\| \*\*(\w+)\*\* \|/gm)].map((match) => match[1]!);
  t.is(rows.length, declared.calls.size);
  t.deepEqual(new Set(rows), declared.calls);
  t.deepEqual(new Set(services), declared.services);
});

test('every message, field, value and call that the page names is one of the proto files', (t) => {
  const qualified = terms.filter((term) => /^[A-Z][A-Za-z]+\.[a-z_0-9]+$/.test(term));
  t.true(qualified.length > 80);
  const wrong = qualified.filter((term) => {
    const [message, field] = term.split('.') as [string, string];
    return !declared.messages.get(message)?.has(field);
  });
  t.deepEqual(wrong, []);
  const alone = terms.filter((term) => /^[a-z]+(_[a-z0-9]+)+$/.test(term));
  t.true(alone.length > 5);
  t.deepEqual(
    alone.filter((term) => !declared.fields.has(term)),
    [],
  );
  const capital = terms.filter((term) => /^[A-Z][a-z]+([A-Z][a-z]+)+$/.test(term) && term !== 'ErrorInfo');
  t.true(capital.length > 20);
  t.deepEqual(
    capital.filter((term) => !declared.calls.has(term) && !declared.messages.has(term)),
    [],
  );
});

test('every UPPER_SNAKE word of the page is a value of an enum, a reason of docs/errors.md or a code of gRPC', (t) => {
  const reasons = new Set([...errors.matchAll(/`([A-Z_]+)`/g)].map((match) => match[1]!));
  const codes = new Set([...errors.matchAll(/\| ([A-Z_]+) \|/g)].map((match) => match[1]!));
  const others = ['SERVING', 'NOT_SERVING', 'CT', 'MR'];
  const words = terms.filter((term) => /^[A-Z]+(_[A-Z0-9]+)*$/.test(term) && term !== 'UPPER_SNAKE');
  t.true(words.length > 40);
  t.deepEqual(
    words.filter((word) => ![declared.values, reasons, codes, new Set(others)].some((set) => set.has(word))),
    [],
  );
});

test('the page names every state, kind and component type, and every message with voxels or events in it', (t) => {
  const text = terms.join(' ');
  const values = [...declared.values].filter((value) => !/UNSPECIFIED|_READY|INPUT_KIND|PARAMETER_TYPE/.test(value));
  t.true(values.length > 15);
  t.deepEqual(
    values.filter((value) => !text.includes(value)),
    [],
  );
  for (const message of ['VolumeHeader', 'VolumeChunk', 'RunEvent', 'Progress', 'PredictRequest', 'PredictResponse']) {
    const missing = [...declared.messages.get(message)!].filter(
      (field) => !text.includes(`${message}.${field}`) && !['sequence', 'run', 'time'].includes(field),
    );
    t.deepEqual(missing, [], message);
  }
});

test('the table of limits has the defaults of the host', (t) => {
  const config = resolveConfig({}, {});
  const defaults = {
    max_chunk_bytes: config.maxChunkBytes,
    max_volume_bytes: config.maxVolumeBytes,
    store_quota_bytes: config.storeQuotaBytes,
    max_queued_runs: config.maxQueuedRuns,
    max_bundle_bytes: config.maxBundleBytes,
  };
  for (const [field, value] of Object.entries(defaults)) {
    const row = new RegExp(`^\\| \`Limits\\.${field}\` \\|.*\\| ([\\d,]+) \\|$`, 'm').exec(page);
    t.is(Number(row?.[1]?.replaceAll(',', '')), value, field);
  }
  t.is(config.uploadExpiryMs, 60 * 60 * 1000, 'an hour');
  t.is(config.cancelGraceMs, 300, '0.3 s');
  t.is(config.drainMs, 30_000, '30 s');
  t.true(page.includes(`the host sends ${READ_CHUNK_BYTES / 2 ** 10} KiB a chunk`));
  t.true(page.includes(`windows of ${WINDOW_BYTES / 2 ** 20} MiB`));
});

test('the worked example of the encoding is what the host writes and reads', async (t) => {
  const [, input, , , bytes] =
    /components ([\d, ]+) become ([\d, ]+); then ([\d, ]+); then the bytes\n`([0-9a-f ]+)`/.exec(page)!;
  const plain = Buffer.from(new Uint16Array(input!.split(', ').map(Number)).buffer);
  const encoded = await encodeChunk(plain, 2);
  t.is(inflateRawSync(encoded).toString('hex'), bytes!.replaceAll(' ', ''));
  t.deepEqual(await decodeChunk(encoded, plain.length, 2, plain.length), plain);
});

test('the pictures are those that docs/images/draw-protocol.ts draws, and the page shows each', (t) => {
  for (const [name, draw] of Object.entries(PICTURES)) {
    t.is(readFileSync(join(ROOT, 'docs', 'images', name), 'utf8'), draw(), name);
    t.true(page.includes(`](images/${name})`), name);
  }
});

test('the places that the page links to are there', (t) => {
  const links = [...page.matchAll(/\]\((?!https?:)([^)]*)\)/g)].map((match) => match[1]!);
  const headings = [...page.matchAll(/^## (.+)$/gm)].map((match) => `#${match[1]!.toLowerCase().replaceAll(' ', '-')}`);
  t.true(links.length > 15);
  t.deepEqual(
    links.filter((link) => (link.startsWith('#') ? !headings.includes(link) : !existsSync(join(ROOT, 'docs', link)))),
    [],
  );
});
