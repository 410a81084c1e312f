// Who may call: the bearer token, and TLS.
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { credentials, Metadata, status } from '@grpc/grpc-js';
import test from 'ava';
import { FailedPrecondition } from '../../server/errors.js';
import { silentLog } from '../../server/log.js';
import { openRpcServer } from '../../server/rpc/open-rpc-server.js';
import { findGrpcurl } from '../fixtures/grpcurl.js';
import { ask, collect, failed, next, send } from './rooms/calls.js';
import { configIn, connectClients, makeFolder, openWire } from './rooms/open-wire.js';
import { noise, uploadOf } from './rooms/volumes.js';

const token = 'Zm9yIHRlc3RzIG9ubHk';
const tlsFile = (name: string): string => fileURLToPath(new URL(`../fixtures/tls/${name}`, import.meta.url));
const tls = { certFile: tlsFile('certificate.pem'), keyFile: tlsFile('key.pem') };

function withHeader(value: string): { metadata: Metadata } {
  const metadata = new Metadata();
  metadata.set('authorization', value);
  return { metadata };
}

test('every kind of call passes with the token', async (t) => {
  const { host, volumes, runService, reflection } = await openWire(t, { config: { token } });
  const { metadata } = withHeader(`Bearer ${token}`);
  await t.notThrowsAsync(ask(host, 'getHostInfo', {}, { metadata }));
  const { volume } = await send(volumes, 'writeVolume', uploadOf(noise(64)), { metadata });
  t.is((await collect(volumes.readVolume({ name: volume!.name }, metadata))).length, 2);
  const call = runService.predict(metadata);
  call.end();
  t.is((await failed(next(call))).code, status.INVALID_ARGUMENT, 'it reaches the handler');
  const reflected = reflection.serverReflectionInfo(metadata);
  reflected.write({ listServices: '' });
  t.truthy((await next(reflected)).listServicesResponse);
  reflected.end();
  await t.throwsAsync(next(reflected), { message: 'The stream ended.' });
});

test('every kind of call is UNAUTHENTICATED without the token, and the handler never sees it', async (t) => {
  const { host, volumes, runService, reflection, workflows, store } = await openWire(t, { config: { token } });
  const predict = runService.predict();
  predict.write({ start: {} });
  const reflected = reflection.serverReflectionInfo();
  reflected.write({ listServices: '' });
  const calls = [
    ask(host, 'getHostInfo', {}),
    ask(workflows, 'undeployWorkflow', { name: 'brain' }),
    send(volumes, 'writeVolume', uploadOf(noise(64))),
    collect(volumes.readVolume({ name: 'none' })),
    collect(runService.watchRun({ name: 'none' })),
    next(predict),
    next(reflected),
  ];
  for (const failure of await Promise.all(calls.map(failed))) {
    t.is(failure.code, status.UNAUTHENTICATED);
    t.is(failure.reason, 'NO_TOKEN');
    t.regex(failure.message, /authorization: Bearer/);
  }
  t.is(store.usage().usedBytes, 0);
});

const wrong = test.macro({
  async exec(t, header: string) {
    const { host } = await openWire(t, { config: { token } });
    const failure = await failed(ask(host, 'getHostInfo', {}, withHeader(header)));
    t.is(failure.code, status.UNAUTHENTICATED);
    t.is(failure.reason, 'WRONG_TOKEN');
    t.false(failure.message.includes(token));
  },
  title: (_, header) => `authorization ${JSON.stringify(header)} is not the token`,
});
for (const header of [
  '',
  'Bearer',
  token,
  `Basic ${token}`,
  `Bearer ${token}x`,
  `Bearer ${token.slice(0, -1)}`,
  `Bearer ${token.toUpperCase()}`,
  `Bearer ${token} ${token}`,
]) {
  test(wrong, header);
}

test('the scheme may be written in any case, as RFC 9110 has it', async (t) => {
  const { host } = await openWire(t, { config: { token } });
  await t.notThrowsAsync(ask(host, 'getHostInfo', {}, withHeader(`bearer ${token}`)));
});

test('health answers without the token', async (t) => {
  const { health } = await openWire(t, { config: { token } });
  t.is((await ask(health, 'check', {})).status, 'SERVING');
  t.truthy((await ask(health, 'list', {})).statuses['brain']);
  const watch = health.watch({ service: 'brain' });
  watch.on('error', () => {});
  t.is((await next(watch)).status, 'SERVING');
  watch.cancel();
});

test('a host with TLS and a token serves those who have both, grpcurl as well as grpc-js', async (t) => {
  const wire = await openWire(t, { config: { tls, token, address: 'localhost:0' } });
  const { host, volumes } = connectClients(t, wire.address, credentials.createSsl(readFileSync(tls.certFile)));
  const header = withHeader(`Bearer ${token}`);
  t.truthy((await ask(host, 'getHostInfo', {}, header)).version);
  const bytes = noise(2 ** 20);
  const { volume } = await send(volumes, 'writeVolume', uploadOf(bytes), header);
  const [, ...chunks] = await collect(volumes.readVolume({ name: volume!.name }, header.metadata));
  t.true(Buffer.concat(chunks.map((message) => message.chunk!.data)).equals(bytes));
  t.is((await failed(ask(host, 'getHostInfo', {}))).code, status.UNAUTHENTICATED);

  const grpcurl = await findGrpcurl();
  const args = ['-cacert', tls.certFile, '-H', `authorization: Bearer ${token}`, wire.address, 'list'];
  t.regex((await promisify(execFile)(grpcurl, args)).stdout, /voxhost\.v1\.RunService/);
});

test('a host with TLS does not answer in the clear', async (t) => {
  const { host } = await openWire(t, { config: { tls } });
  t.is((await failed(ask(host, 'getHostInfo', {}))).code, status.UNAVAILABLE);
});

test('a certificate that is not there, or not one, ends the start in a sentence that names the file', async (t) => {
  const wire = await openWire(t);
  const folder = await makeFolder(t);
  const notOne = join(folder, 'not-one.pem');
  writeFileSync(notOne, 'hello');
  for (const [files, reason] of [
    [{ certFile: join(folder, 'none.pem'), keyFile: tls.keyFile }, 'UNREADABLE_CERTIFICATE'],
    [{ certFile: notOne, keyFile: tls.keyFile }, 'BAD_CERTIFICATE'],
    [{ certFile: tls.certFile, keyFile: notOne }, 'BAD_CERTIFICATE'],
  ] as const) {
    const opened = openRpcServer({ ...wire, config: configIn(folder, { tls: files }), log: silentLog });
    const error = await t.throwsAsync(opened, { instanceOf: FailedPrecondition });
    t.is((error as FailedPrecondition).reason, reason);
    t.true([files.certFile, files.keyFile].some((file) => error!.message.includes(file)));
  }
});
