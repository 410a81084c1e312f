// Connecting: a host that fits, and every way in which there is none.
import { createServer, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import test, { type ExecutionContext } from 'ava';
import { parseAddress } from '../../../clients/typescript/address.js';
import { connect, InvalidArgument, VoxhostError } from '../../../clients/typescript/index.js';
import type { HostServiceHandlers } from '../../../proto/generated/voxhost/v1/HostService.js';
import { loadProtocol } from '../../../proto/protocol.js';
import { openWire } from '../../rpc/rooms/open-wire.js';
import { noiseImage, openClient, PATIENT } from './images.js';

const protocol = loadProtocol();

async function serveOther(t: ExecutionContext, handlers?: Partial<HostServiceHandlers>): Promise<string> {
  const server = new Server();
  if (handlers) server.addService(protocol.voxhost.v1.HostService.service, handlers as HostServiceHandlers);
  const port = await new Promise<number>((resolve, reject) => {
    const bound = (error: Error | null, bound: number) => (error ? reject(error) : resolve(bound));
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), bound);
  });
  t.teardown(() => server.forceShutdown());
  return `127.0.0.1:${port}`;
}

test('a host says its version, limits, devices and encodings', async (t) => {
  const { address } = await openWire(t);
  const info = await (await openClient(t, address)).info();
  t.regex(info.version, /^\d+\.\d+\.\d+/);
  t.is(info.limits.maxQueuedRuns, 1000);
  t.deepEqual(info.chunkEncodings, ['delta-shuffle-deflate']);
  const cpu = info.devices.find(({ name }) => name === 'cpu');
  t.like(cpu, { available: true, reason: '' });
  t.regex(info.devices.find(({ name }) => name === 'cuda')!.reason, /libcuda/);
});

test('a host of another protocol revision is refused in a sentence that says which side to update', async (t) => {
  for (const [min, max, older] of [
    [2, 3, 'this client'],
    [0, 0, 'the host'],
  ] as const) {
    const address = await serveOther(t, {
      GetHostInfo: (_call, callback) =>
        callback(null, { version: '9.8.7', protocolVersionMin: min, protocolVersionMax: max }),
    });
    const error = await t.throwsAsync(connect(address, PATIENT), { instanceOf: VoxhostError });
    t.is(error.reason, 'PROTOCOL_MISMATCH');
    t.true(error.message.includes('version 9.8.7') && error.message.endsWith(`Update ${older}.`), error.message);
  }
});

test('where nothing listens, the error names the address', async (t) => {
  const server = createServer();
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
  });
  await new Promise((resolve) => server.close(resolve));
  const error = await t.throwsAsync(connect(`127.0.0.1:${port}`, PATIENT), { instanceOf: VoxhostError });
  t.is(error.code, 'UNAVAILABLE');
  t.is(error.reason, 'HOST_UNAVAILABLE');
  t.true(error.message.startsWith(`No host answers at 127.0.0.1:${port}: nothing listens there.`), error.message);
});

test('what speaks gRPC but not voxhost.v1 is called no Voxhost host', async (t) => {
  const error = await t.throwsAsync(connect(await serveOther(t), PATIENT), { instanceOf: VoxhostError });
  t.is(error.code, 'UNIMPLEMENTED');
  t.regex(error.message, /is no Voxhost host/);
});

test('what accepts and never answers ends with the timeout', async (t) => {
  const sockets: Socket[] = [];
  const server = createServer((socket) => sockets.push(socket));
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
  });
  t.teardown(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const error = await t.throwsAsync(connect(`127.0.0.1:${port}`, { timeoutMs: 200 }), { instanceOf: VoxhostError });
  t.true(error.code === 'DEADLINE_EXCEEDED' || error.code === 'UNAVAILABLE', error.code);
});

test('an aborted signal ends connecting with Cancelled, its reason kept as the cause', async (t) => {
  const { address } = await openWire(t);
  const error = await t.throwsAsync(connect(address, { signal: AbortSignal.abort('closed') }));
  t.is((error as VoxhostError).code, 'CANCELLED');
  t.is(error.cause, 'closed');
});

test('the token opens a host that asks for one, and nothing but health answers without', async (t) => {
  const { address } = await openWire(t, { config: { token: 'open-sesame' } });
  const client = await openClient(t, address, { token: 'open-sesame' });
  t.is((await client.workflows())[0]?.name, 'brain');
  for (const token of [undefined, 'open-barley']) {
    const error = await t.throwsAsync(connect(address, { ...PATIENT, token }), { instanceOf: VoxhostError });
    t.is(error.code, 'UNAUTHENTICATED');
  }
});

test('a token is not sent readable to another machine unless told so in as many words', async (t) => {
  const error = await t.throwsAsync(connect('imaging.example:50151', { token: 'secret' }));
  t.true(error instanceof InvalidArgument);
  t.regex(error.message, /tls is missing, expected TLS beside a token/);
});

test('health tells of the host and of each workflow', async (t) => {
  const { address, catalog } = await openWire(t);
  const client = await openClient(t, address);
  t.is(await client.health(), 'serving');
  t.is(await client.health('brain'), 'serving');
  catalog.set('brain', { state: 'loading' });
  t.is(await client.health('brain'), 'not-serving');
});

test('errors keep the code, reason, message and metadata of the host', async (t) => {
  const { address } = await openWire(t);
  const client = await openClient(t, address);
  const error = await t.throwsAsync(client.workflow('lungs'), { instanceOf: VoxhostError });
  t.is(error.code, 'NOT_FOUND');
  t.is(error.reason, 'WORKFLOW_NOT_FOUND');
  t.is(error.message, 'There is no workflow "lungs". There are brain.');
  t.deepEqual(error.metadata, { kind: 'workflow', id: 'lungs' });
});

test('workflows come over all pages, with inputs, outputs, segments, terminology and parameters', async (t) => {
  const { address, catalog } = await openWire(t);
  for (let n = 0; n < 250; n += 1) catalog.set(`w${String(n).padStart(3, '0')}`, {});
  const client = await openClient(t, address);
  const workflows = await client.workflows();
  t.is(workflows.length, 251);
  const brain = workflows.find(({ name }) => name === 'brain')!;
  t.is(brain.state, 'ready');
  t.is(brain.typicalDurationMs, 1500);
  t.is(brain.deployTimeMs, 1_700_000_000_123);
  t.deepEqual(
    brain.inputs.map(({ name, channels, required }) => [name, channels, required]),
    [
      ['image', 1, true],
      ['prior', 1, false],
    ],
  );
  t.deepEqual(brain.outputs[0]?.kind, 'label-map');
  t.deepEqual(brain.outputs[0]?.segments[0]?.terminology?.type, { scheme: 'SCT', value: '12738006', meaning: 'Brain' });
  t.deepEqual(brain.parameters[0], {
    name: 'overlap',
    type: 'number',
    defaultValue: 0.25,
    minimum: 0,
    maximum: 0.95,
    choices: [],
    description: 'Overlap of windows.',
  });
});

const addresses: [string, { target: string; isLocal: boolean } | undefined][] = [
  ['127.0.0.1:50151', { target: '127.0.0.1:50151', isLocal: true }],
  ['localhost', { target: 'localhost:50151', isLocal: true }],
  ['[::1]:9', { target: '[::1]:9', isLocal: true }],
  ['unix:/run/voxhost.sock', { target: 'unix:/run/voxhost.sock', isLocal: true }],
  ['gpu-server', { target: 'gpu-server:50151', isLocal: false }],
  ['10.0.0.7:443', { target: '10.0.0.7:443', isLocal: false }],
  ['127.evil.example:1', { target: '127.evil.example:1', isLocal: false }],
  ['', undefined],
  ['host:0', undefined],
  ['host:70000', undefined],
  ['http://host:1', undefined],
  ['unix:', undefined],
];
for (const [address, expected] of addresses) {
  test(`the address "${address}" is ${expected ? `taken as ${expected.target}` : 'refused'}`, (t) => {
    if (expected) t.deepEqual(parseAddress(address), expected);
    else t.throws(() => parseAddress(address), { instanceOf: InvalidArgument });
  });
}

const tlsFile = (name: string) => fileURLToPath(new URL(`../../fixtures/tls/${name}`, import.meta.url));

test('over TLS, the authority that is named opens the connection, and the token travels', async (t) => {
  const tls = { certFile: tlsFile('certificate.pem'), keyFile: tlsFile('key.pem') };
  const { address } = await openWire(t, { config: { tls, token: 'secret' } });
  const caFile = tls.certFile;
  const client = await openClient(t, address, { token: 'secret', tls: { caFile, serverName: 'localhost' } });
  const image = noiseImage(1);
  const volume = await client.upload(image);
  t.true(Buffer.from(image.voxels).equals((await client.download(volume)).voxels));
});

test('over TLS, a host that no known authority vouches for is not trusted, and neither is plain text taken', async (t) => {
  const tls = { certFile: tlsFile('certificate.pem'), keyFile: tlsFile('key.pem') };
  const { address } = await openWire(t, { config: { tls } });
  const stranger = await t.throwsAsync(connect(address, { ...PATIENT, tls: { serverName: 'localhost' } }), {
    instanceOf: VoxhostError,
  });
  t.is(stranger.code, 'UNAVAILABLE');
  t.regex(stranger.message, /certificate/i);
  const plain = await t.throwsAsync(connect(address, PATIENT), { instanceOf: VoxhostError });
  t.is(plain.code, 'UNAVAILABLE');
  t.regex(plain.message, /TLS\?$/);
});
