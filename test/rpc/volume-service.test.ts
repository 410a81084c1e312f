// VolumeService over a real connection and the real store; every error that the protocol lists.
import { inflateRawSync } from 'node:zlib';
import { status } from '@grpc/grpc-js';
import test from 'ava';
import { encodeChunk } from '../../server/streams/chunk-encoding.js';
import { until } from '../fixtures/until.js';
import { ask, collect, failed, send } from './rooms/calls.js';
import { openWire } from './rooms/open-wire.js';
import { headerOf, MATRIX, noise, sha256Of, uploadOf } from './rooms/volumes.js';

const NO_VOLUME = 'f'.repeat(64);

test('a volume that is uploaded reads back byte for byte, with its header', async (t) => {
  const { volumes } = await openWire(t);
  const bytes = noise(3 * 2 ** 20);
  const { volume } = await send(volumes, 'writeVolume', uploadOf(bytes));
  t.is(volume?.sizeBytes, bytes.length);
  t.is(volume?.sha256, sha256Of(bytes));
  t.deepEqual(volume?.header, {
    sizes: [16, bytes.length / 16, 1],
    componentType: 'COMPONENT_TYPE_UINT8',
    components: 1,
    indexToWorldLps: MATRIX,
    modality: 'MR',
  });
  const secondsAgo = Date.now() / 1000 - volume!.createTime!.seconds;
  t.true(secondsAgo >= 0 && secondsAgo < 60);

  const [first, ...rest] = await collect(volumes.readVolume({ name: volume!.name }));
  t.deepEqual(first?.volume, volume);
  t.true(rest.length > 1);
  t.true(Buffer.concat(rest.map((message) => message.chunk!.data)).equals(bytes));
  t.deepEqual(await ask(volumes, 'getVolume', { name: volume!.name }), volume);
});

test('components of 0 are read as 1', async (t) => {
  const { volumes } = await openWire(t);
  const bytes = noise(64);
  const { volume } = await send(volumes, 'writeVolume', uploadOf(bytes, { header: headerOf(64, { components: 0 }) }));
  t.is(volume?.header?.components, 1);
});

test('a range is read from any offset, and a limit ends it', async (t) => {
  const { volumes } = await openWire(t);
  const bytes = noise(2 ** 20);
  const { volume } = await send(volumes, 'writeVolume', uploadOf(bytes));
  const ranges = [
    [1000, 300_000],
    [999_999, 0],
    [2 ** 20, 0],
    [0, 1],
  ] as const;
  for (const [offsetBytes, limitBytes] of ranges) {
    const [, ...chunks] = await collect(volumes.readVolume({ name: volume!.name, offsetBytes, limitBytes }));
    const read = Buffer.concat(chunks.map((message) => message.chunk!.data));
    t.true(read.equals(bytes.subarray(offsetBytes, limitBytes === 0 ? undefined : offsetBytes + limitBytes)));
    if (chunks.length > 0) t.is(chunks[0]?.chunk?.offsetBytes, offsetBytes);
  }
});

test('chunks are encoded for a client that reads the encoding, where that makes them smaller', async (t) => {
  const { volumes } = await openWire(t);
  const ramp = Buffer.from(Uint16Array.from({ length: 2 ** 18 }, (_, index) => index & 0x0fff).buffer);
  const header = headerOf(ramp.length, { sizes: [512, 512, 1], componentType: 'COMPONENT_TYPE_UINT16' });
  const { volume } = await send(volumes, 'writeVolume', uploadOf(ramp, { header }));
  const acceptEncodings = ['CHUNK_ENCODING_DELTA_SHUFFLE_DEFLATE'] as const;
  const [, ...chunks] = await collect(
    volumes.readVolume({ name: volume!.name, acceptEncodings: [...acceptEncodings] }),
  );
  for (const { chunk } of chunks) {
    t.is(chunk?.encoding, 'CHUNK_ENCODING_DELTA_SHUFFLE_DEFLATE');
    t.true(chunk!.data.length < chunk!.decodedBytes / 50);
    // The second half of what DEFLATE unpacks to is the high bytes: all 0 for steps of 1, but where the ramp starts again.
    const planes = inflateRawSync(chunk!.data);
    t.is(planes.length, chunk!.decodedBytes);
    t.is(planes[1], 2);
  }
  const plain = await collect(volumes.readVolume({ name: volume!.name }));
  t.true(Buffer.concat(plain.slice(1).map((message) => message.chunk!.data)).equals(ramp));

  const random = noise(2 ** 20);
  const other = await send(volumes, 'writeVolume', uploadOf(random));
  const [, ...asTheyAre] = await collect(
    volumes.readVolume({ name: other.volume!.name, acceptEncodings: [...acceptEncodings] }),
  );
  t.true(asTheyAre.every((message) => message.chunk?.encoding === 'CHUNK_ENCODING_UNSPECIFIED'));
});

test('an upload of encoded chunks is the same volume as the plain one', async (t) => {
  const { volumes } = await openWire(t);
  const ramp = Buffer.from(Int16Array.from({ length: 4096 }, (_, index) => index - 2048).buffer);
  const header = headerOf(ramp.length, { sizes: [64, 64], componentType: 'COMPONENT_TYPE_INT16' });
  const data = await encodeChunk(ramp, 2);
  const encoded = await send(volumes, 'writeVolume', [
    { header: { header } },
    { chunk: { data, encoding: 'CHUNK_ENCODING_DELTA_SHUFFLE_DEFLATE', decodedBytes: ramp.length } },
    { finish: { sizeBytes: ramp.length, sha256: sha256Of(ramp) } },
  ]);
  const plain = await send(volumes, 'writeVolume', uploadOf(ramp, { header }));
  t.is(encoded.volume?.name, plain.volume?.name);
});

test('only the volumes that are not there are missing, in the order asked', async (t) => {
  const { volumes } = await openWire(t);
  const [here, absent] = [noise(64), noise(64)];
  const { volume } = await send(volumes, 'writeVolume', uploadOf(here));
  const keys = [absent, here].map((bytes) => ({ header: headerOf(64), sha256: sha256Of(bytes) }));
  const found = await ask(volumes, 'findMissingVolumes', { keys });
  t.deepEqual(
    found.missing.map((key) => key.sha256),
    [sha256Of(absent)],
  );
  t.deepEqual(found.present, [volume!]);

  const turned = headerOf(64, { indexToWorldLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0] });
  const again = await ask(volumes, 'findMissingVolumes', { keys: [{ header: turned, sha256: sha256Of(here) }] });
  t.deepEqual(again.present[0]?.header?.indexToWorldLps, turned.indexToWorldLps as number[]);
  t.not(again.present[0]?.name, volume?.name);
});

test('a deleted volume is gone, and one that a run needs cannot be deleted', async (t) => {
  const { volumes, store } = await openWire(t);
  const { volume } = await send(volumes, 'writeVolume', uploadOf(noise(64)));
  const name = volume!.name;
  const unpin = store.pinVolume(name);
  t.is((await failed(ask(volumes, 'deleteVolume', { name }))).code, status.FAILED_PRECONDITION);
  unpin();
  t.deepEqual(await ask(volumes, 'deleteVolume', { name }), {});
  t.is((await failed(ask(volumes, 'getVolume', { name }))).reason, 'VOLUME_NOT_FOUND');
});

const notFound = test.macro({
  async exec(t, method: 'getVolume' | 'deleteVolume') {
    const { volumes } = await openWire(t);
    const failure = await failed(ask(volumes, method, { name: NO_VOLUME }));
    t.is(failure.code, status.NOT_FOUND);
    t.is(failure.reason, 'VOLUME_NOT_FOUND');
    t.is(failure.metadata['id'], NO_VOLUME);
  },
  title: (_, method) => `${method} of a volume that is not there is NOT_FOUND`,
});
test(notFound, 'getVolume');
test(notFound, 'deleteVolume');

test('ReadVolume refuses an unknown volume, an offset beyond the end, and negative numbers', async (t) => {
  const { volumes } = await openWire(t);
  const { volume } = await send(volumes, 'writeVolume', uploadOf(noise(64)));
  const read = (request: object) => failed(collect(volumes.readVolume({ name: volume!.name, ...request })));
  t.is((await read({ name: NO_VOLUME })).code, status.NOT_FOUND);
  t.is((await read({ offsetBytes: 65 })).code, status.OUT_OF_RANGE);
  for (const [field, request] of [
    ['offset_bytes', { offsetBytes: -1 }],
    ['limit_bytes', { limitBytes: -1 }],
  ] as const) {
    const failure = await read(request);
    t.is(failure.code, status.INVALID_ARGUMENT);
    t.is(failure.metadata['field'], field);
  }
});

test('FindMissingVolumes refuses bad headers, bad digests and too many keys, naming which', async (t) => {
  const { volumes } = await openWire(t);
  const good = { header: headerOf(64), sha256: '0'.repeat(64) };
  const ask1 = (keys: object[]) => failed(ask(volumes, 'findMissingVolumes', { keys }));
  const cases: [field: string, keys: object[]][] = [
    ['keys[1].header', [good, { sha256: good.sha256 }]],
    ['keys[0].header.sizes[0]', [{ ...good, header: headerOf(64, { sizes: [-1] }) }]],
    ['keys[1].sha256', [good, { ...good, sha256: 'ABC' }]],
    ['keys', Array.from({ length: 1001 }, () => good)],
  ];
  for (const [field, keys] of cases) {
    const failure = await ask1(keys);
    t.is(failure.code, status.INVALID_ARGUMENT);
    t.is(failure.metadata['field'], field);
  }
});

const badHeaders: [title: string, field: string, change: object | null][] = [
  ['no header', 'header.header', null],
  ['a size of 0', 'header.header.sizes[1]', { sizes: [4, 0, 4] }],
  ['a negative size', 'header.header.sizes[0]', { sizes: [-4, 4, 4] }],
  ['no sizes', 'header.header.sizes', { sizes: [] }],
  ['five sizes', 'header.header.sizes', { sizes: [1, 1, 1, 1, 1] }],
  ['no component type', 'header.header.component_type', { componentType: 'COMPONENT_TYPE_UNSPECIFIED' }],
  ['a component type of the future', 'header.header.component_type', { componentType: 42 }],
  ['negative components', 'header.header.components', { components: -1 }],
  [
    'NaN in the matrix',
    'header.header.index_to_world_lps[3]',
    { indexToWorldLps: [1, 0, 0, Number.NaN, 0, 1, 0, 0, 0, 0, 1, 0] },
  ],
  ['a singular matrix', 'header.header.index_to_world_lps', { indexToWorldLps: [1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0] }],
  ['nine numbers', 'header.header.index_to_world_lps', { indexToWorldLps: [1, 0, 0, 0, 1, 0, 0, 0, 1] }],
];
for (const [title, field, change] of badHeaders) {
  test(`an upload whose header has ${title} is refused, naming ${field}`, async (t) => {
    const { volumes } = await openWire(t);
    const header = change === null ? {} : { header: headerOf(64, change) };
    const failure = await failed(send(volumes, 'writeVolume', [{ header }]));
    t.is(failure.code, status.INVALID_ARGUMENT);
    t.is(failure.metadata['field'], field);
    t.true(failure.message.startsWith(field));
  });
}

const bytes = noise(64);
const [begin, ...restOfUpload] = uploadOf(bytes, { chunkBytes: 32 });
const [chunk1, chunk2, finish] = restOfUpload;
const badUploads: [title: string, code: status, messages: object[]][] = [
  ['starts with a chunk', status.INVALID_ARGUMENT, [chunk1!]],
  ['starts with finish', status.INVALID_ARGUMENT, [finish!]],
  ['starts with an empty message', status.INVALID_ARGUMENT, [{}]],
  ['has a second header', status.INVALID_ARGUMENT, [begin!, chunk1!, begin!]],
  ['has an empty message', status.INVALID_ARGUMENT, [begin!, {}]],
  ['skips a chunk', status.INVALID_ARGUMENT, [begin!, chunk2!]],
  ['repeats a chunk', status.INVALID_ARGUMENT, [begin!, chunk1!, chunk1!]],
  [
    'has more bytes than declared',
    status.INVALID_ARGUMENT,
    [begin!, chunk1!, chunk2!, { chunk: { offsetBytes: 64, data: noise(1) } }],
  ],
  ['has an encoding of the future', status.INVALID_ARGUMENT, [begin!, { chunk: { data: bytes, encoding: 9 } }]],
  [
    'has a chunk that is not DEFLATE',
    status.INVALID_ARGUMENT,
    [begin!, { chunk: { data: bytes, encoding: 1, decodedBytes: 64 } }],
  ],
  ['ends without finish', status.INVALID_ARGUMENT, [begin!, chunk1!, chunk2!]],
  ['ends before it begins', status.INVALID_ARGUMENT, []],
  [
    'finishes with a digest in capitals',
    status.INVALID_ARGUMENT,
    [begin!, chunk1!, chunk2!, { finish: { sizeBytes: 64, sha256: 'A'.repeat(64) } }],
  ],
  [
    'finishes with a negative size',
    status.INVALID_ARGUMENT,
    [begin!, chunk1!, chunk2!, { finish: { sizeBytes: -1, sha256: sha256Of(bytes) } }],
  ],
  ['finishes early', status.DATA_LOSS, [begin!, chunk1!, finish!]],
  [
    'finishes with another size',
    status.DATA_LOSS,
    [begin!, chunk1!, chunk2!, { finish: { sizeBytes: 63, sha256: sha256Of(bytes) } }],
  ],
  [
    'finishes with another digest',
    status.DATA_LOSS,
    [begin!, chunk1!, chunk2!, { finish: { sizeBytes: 64, sha256: '0'.repeat(64) } }],
  ],
];
for (const [title, code, messages] of badUploads) {
  test(`an upload that ${title} is ${status[code]} and leaves nothing behind`, async (t) => {
    const { volumes, store } = await openWire(t);
    const failure = await failed(send(volumes, 'writeVolume', messages));
    t.is(failure.code, code);
    t.truthy(failure.reason);
    t.is(store.usage().usedBytes, 0);
    t.truthy((await send(volumes, 'writeVolume', uploadOf(bytes))).volume, 'the next upload works');
  });
}

test('a volume above the limit is RESOURCE_EXHAUSTED at its header', async (t) => {
  const { volumes } = await openWire(t, { config: { maxVolumeBytes: 63 } });
  const failure = await failed(send(volumes, 'writeVolume', [begin!]));
  t.is(failure.code, status.RESOURCE_EXHAUSTED);
  t.is(failure.metadata['allowed'], '63');
});

test('a volume for which the store has no room is RESOURCE_EXHAUSTED at its header', async (t) => {
  const { volumes } = await openWire(t, { config: { storeQuotaBytes: 63 } });
  t.is((await failed(send(volumes, 'writeVolume', [begin!]))).code, status.RESOURCE_EXHAUSTED);
});

test('a chunk above the limit is RESOURCE_EXHAUSTED, be it a little or far above', async (t) => {
  const maxChunkBytes = 1000;
  const { volumes } = await openWire(t, { config: { maxChunkBytes } });
  const header = headerOf(2 ** 20);
  for (const sizeBytes of [maxChunkBytes + 1, 2 ** 20]) {
    const messages = [{ header: { header } }, { chunk: { data: noise(sizeBytes) } }];
    t.is((await failed(send(volumes, 'writeVolume', messages))).code, status.RESOURCE_EXHAUSTED);
  }
  const exact = uploadOf(noise(2000), { chunkBytes: maxChunkBytes });
  t.is((await send(volumes, 'writeVolume', exact)).volume?.sizeBytes, 2000);
});

test('a lost upload goes on from the byte that QueryWrite names', async (t) => {
  const { volumes, store } = await openWire(t);
  const all = noise(2 ** 20);
  const cut = volumes.writeVolume(() => {});
  cut.on('error', () => {});
  cut.write({ header: { uploadId: 'lost', header: headerOf(all.length) } });
  cut.write({ chunk: { data: all.subarray(0, 300_000) } });
  await until(() => committed(store, 'lost') === 300_000);
  cut.cancel();
  const { committedBytes } = await ask(volumes, 'queryWrite', { uploadId: 'lost' });
  t.is(committedBytes, 300_000);
  const rest = uploadOf(all, { uploadId: 'lost', fromByte: committedBytes });
  const { volume } = await send(volumes, 'writeVolume', rest);
  t.is(volume?.sha256, sha256Of(all));
  const done = await ask(volumes, 'queryWrite', { uploadId: 'lost' });
  t.is(done.committedBytes, all.length);
  t.is(done.volume?.name, volume?.name);
});

test('QueryWrite of an upload that was never begun is NOT_FOUND', async (t) => {
  const { volumes } = await openWire(t);
  t.is((await failed(ask(volumes, 'queryWrite', { uploadId: 'never' }))).reason, 'UPLOAD_NOT_FOUND');
});

test('an upload that another call goes on with is ABORTED for the first', async (t) => {
  const { volumes, store } = await openWire(t);
  const all = noise(4096);
  const header = headerOf(all.length);
  let first: ReturnType<typeof volumes.writeVolume>;
  const failure = new Promise((_resolve, reject) => {
    first = volumes.writeVolume(reject);
  });
  first!.write({ header: { uploadId: 'shared', header } });
  first!.write({ chunk: { data: all.subarray(0, 1024) } });
  await until(() => committed(store, 'shared') === 1024);
  const second = send(volumes, 'writeVolume', uploadOf(all, { uploadId: 'shared', header, fromByte: 1024 }));
  await second;
  first!.write({ chunk: { offsetBytes: 1024, data: all.subarray(1024) } });
  t.is((await failed(failure)).code, status.ABORTED);
});

test('a cut upload is never a volume, even when all its bytes have arrived', async (t) => {
  const { volumes, store } = await openWire(t);
  const all = noise(4096);
  for (const cutBy of ['cancel', 'close'] as const) {
    const call = volumes.writeVolume(() => {});
    call.on('error', () => {});
    call.write({ header: { uploadId: cutBy, header: headerOf(all.length) } });
    call.write({ chunk: { data: all } });
    await until(() => committed(store, cutBy) === all.length);
    if (cutBy === 'cancel') call.cancel();
    else call.end();
  }
  const { missing } = await ask(volumes, 'findMissingVolumes', {
    keys: [{ header: headerOf(all.length), sha256: sha256Of(all) }],
  });
  t.is(missing.length, 1);
});

function committed(store: Awaited<ReturnType<typeof openWire>>['store'], uploadId: string): number {
  try {
    return store.queryUpload(uploadId).committedBytes;
  } catch {
    return -1;
  }
}
