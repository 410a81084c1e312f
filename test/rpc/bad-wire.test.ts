// What is no proper call at all: the host answers, or hangs up, and stays up.
import { once } from 'node:events';
import { connect as connectHttp2, constants } from 'node:http2';
import { connect as connectTcp } from 'node:net';
import { Client, credentials, type ServiceError, status } from '@grpc/grpc-js';
import test, { type ExecutionContext } from 'ava';
import type { Log } from '../../server/log.js';
import { silentLog } from '../../server/log.js';
import { ask, collect, failed, send } from './rooms/calls.js';
import { failureOf, openWire, protocol } from './rooms/open-wire.js';
import { headerOf, noise, uploadOf } from './rooms/volumes.js';

/** A client that sends bytes as they are and calls any method. */
function rawClient(t: ExecutionContext, address: string) {
  const client = new Client(address, credentials.createInsecure());
  t.teardown(() => client.close());
  const asIs = (bytes: Buffer): Buffer => bytes;
  const unary = (method: string, bytes: Buffer) =>
    new Promise<ServiceError | null>((resolve) => client.makeUnaryRequest(method, asIs, asIs, bytes, resolve));
  const stream = (method: string, ...messages: Buffer[]) => {
    const call = client.makeBidiStreamRequest(method, asIs, asIs);
    for (const message of messages) call.write(message);
    call.end();
    return new Promise<ServiceError>((resolve) => call.on('error', (error) => resolve(error as ServiceError)).resume());
  };
  return { unary, stream };
}

const GARBAGE = Buffer.from([0xff, 0xff, 0xff]);

test('a message that is not protobuf is INVALID_ARGUMENT in every kind of call', async (t) => {
  const { address, health } = await openWire(t);
  const { unary, stream } = rawClient(t, address);
  const errors = await Promise.all([
    unary('/voxhost.v1.RunService/GetRun', GARBAGE),
    stream('/voxhost.v1.VolumeService/WriteVolume', GARBAGE),
    stream('/voxhost.v1.RunService/WatchRun', GARBAGE),
    stream('/voxhost.v1.RunService/Predict', GARBAGE),
  ]);
  for (const error of errors) {
    const failure = failureOf(error!);
    t.is(failure.code, status.INVALID_ARGUMENT);
    t.is(failure.reason, 'MALFORMED_MESSAGE');
  }
  t.is((await ask(health, 'check', {})).status, 'SERVING');
});

test('a malformed message in the middle of an upload ends it, and nothing is kept', async (t) => {
  const { address, store } = await openWire(t);
  const { stream } = rawClient(t, address);
  const { requestSerialize } = protocol.voxhost.v1.VolumeService.service.WriteVolume;
  const header = requestSerialize({ header: { header: headerOf(64) } });
  const error = await stream('/voxhost.v1.VolumeService/WriteVolume', header, GARBAGE);
  t.is(error.code, status.INVALID_ARGUMENT);
  t.is(store.usage().usedBytes, 0);
});

test('unknown methods and services are UNIMPLEMENTED', async (t) => {
  const { address } = await openWire(t);
  const { unary } = rawClient(t, address);
  for (const method of ['/voxhost.v1.RunService/Fly', '/voxhost.v2.RunService/GetRun', '/']) {
    t.is((await unary(method, Buffer.alloc(0)))?.code, status.UNIMPLEMENTED);
  }
});

test('a stream of no or two requests where one is due is UNIMPLEMENTED, as gRPC has it', async (t) => {
  const { address } = await openWire(t);
  const { stream } = rawClient(t, address);
  t.is((await stream('/voxhost.v1.RunService/GetRun')).code, status.UNIMPLEMENTED);
  t.is((await stream('/voxhost.v1.RunService/GetRun', Buffer.alloc(0), Buffer.alloc(0))).code, status.UNIMPLEMENTED);
});

test('a message above the limit is RESOURCE_EXHAUSTED', async (t) => {
  const { address, config } = await openWire(t);
  const { unary } = rawClient(t, address);
  const error = await unary('/voxhost.v1.RunService/GetRun', Buffer.alloc(config.maxChunkBytes + 64 * 1024 + 1));
  t.is(error?.code, status.RESOURCE_EXHAUSTED);
});

test('a chunk of exactly the limit passes', async (t) => {
  const { volumes, config } = await openWire(t);
  const bytes = noise(config.maxChunkBytes);
  const { volume } = await send(volumes, 'writeVolume', uploadOf(bytes, { chunkBytes: bytes.length }));
  t.is(volume?.sizeBytes, bytes.length);
});

test('names with broken text, long names and names of every script come back as errors that can be read', async (t) => {
  const { address, workflows } = await openWire(t);
  const { unary } = rawClient(t, address);
  // A lone surrogate in UTF-8 (CESU), which no encoder may write but some decoders let through.
  const surrogate = Buffer.from([0x0a, 3, 0xed, 0xa0, 0x80]);
  t.is((await unary('/voxhost.v1.WorkflowService/GetWorkflow', surrogate))?.code, status.NOT_FOUND);
  for (const name of ['x'.repeat(1_000_000), '脑'.repeat(100_000), '🧠'.repeat(79), 'a%20b\r\nc', 'é"\\']) {
    const failure = await failed(ask(workflows, 'getWorkflow', { name }));
    t.is(failure.code, status.NOT_FOUND);
    t.is(failure.reason, 'WORKFLOW_NOT_FOUND');
    t.true(failure.message.includes(name.slice(0, 2)));
    t.true(failure.metadata['id']!.startsWith(name.slice(0, 2)));
  }
});

test('names of what every object has are not found either', async (t) => {
  const { workflows, runService, volumes } = await openWire(t);
  for (const name of ['__proto__', 'constructor', 'toString']) {
    t.is((await failed(ask(workflows, 'getWorkflow', { name }))).code, status.NOT_FOUND);
    t.is((await failed(ask(runService, 'getRun', { name }))).code, status.NOT_FOUND);
    t.is((await failed(ask(volumes, 'getVolume', { name }))).code, status.NOT_FOUND);
    t.is((await failed(collect(volumes.readVolume({ name })))).code, status.NOT_FOUND);
  }
});

test('an error of the host itself is opaque to clients, and its log has it', async (t) => {
  const logged: unknown[] = [];
  const log: Log = { ...silentLog, error: (_, fields) => logged.push(fields) };
  const { runService, runs } = await openWire(t, { log });
  const bug = new TypeError('cannot read /home/somebody/secret');
  runs.refuseNext(bug);
  const failure = await failed(ask(runService, 'createRun', { workflow: 'brain' }));
  t.is(failure.code, status.INTERNAL);
  t.is(failure.reason, 'INTERNAL');
  t.false(failure.message.includes('secret'));
  t.deepEqual(logged, [{ method: '/voxhost.v1.RunService/CreateRun', error: bug }]);
});

test('what is not HTTP/2, or not gRPC, is turned away and the host goes on', async (t) => {
  const { address, health } = await openWire(t);
  const [host, port] = address.split(':') as [string, string];

  const socket = connectTcp({ host, port: Number(port) });
  socket.on('error', () => {});
  socket.write('GET / HTTP/1.1\r\nHost: voxhost\r\n\r\n');
  socket.resume();
  await once(socket, 'close');

  const session = connectHttp2(`http://${address}`);
  const request = session.request({ [constants.HTTP2_HEADER_METHOD]: 'POST', [constants.HTTP2_HEADER_PATH]: '/' });
  const [headers] = await once(request, 'response');
  t.is(headers[constants.HTTP2_HEADER_STATUS], constants.HTTP_STATUS_UNSUPPORTED_MEDIA_TYPE);
  session.destroy();

  t.is((await ask(health, 'check', {})).status, 'SERVING');
});
