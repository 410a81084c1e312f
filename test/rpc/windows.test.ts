// How much a client may send before it hears from the host: what an upload from far away lives on.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect as connectHttp2, constants } from 'node:http2';
import { fileURLToPath } from 'node:url';
import { credentials } from '@grpc/grpc-js';
import test, { type ExecutionContext } from 'ava';
import { SHARED_WINDOW_BYTES, WINDOW_BYTES } from '../../server/rpc/windows.js';
import { openDelayingProxy } from '../fixtures/delaying-proxy.js';
import { until } from '../fixtures/until.js';
import { ask } from './rooms/calls.js';
import { connectClients, openWire, protocol } from './rooms/open-wire.js';
import { headerOf, noise } from './rooms/volumes.js';

/** What HTTP/2 gives when nobody asks for more (RFC 9113, 6.9.2), and a grpc-js server with it. */
const DEFAULT_WINDOW_BYTES = 65_535;

const tlsFile = (name: string): string => fileURLToPath(new URL(`../fixtures/tls/${name}`, import.meta.url));
const tls = { certFile: tlsFile('certificate.pem'), keyFile: tlsFile('key.pem') };

const wide = test.macro({
  async exec(t, isSecure: boolean) {
    const wire = await openWire(t, { config: isSecure ? { tls } : {} });
    const proxy = await openDelayingProxy(wire.address);
    t.teardown(() => proxy.close());
    const secure = credentials.createSsl(readFileSync(tls.certFile));
    const { volumes, health } = connectClients(t, proxy.address, isSecure ? secure : credentials.createInsecure(), {
      'grpc.use_local_subchannel_pool': 0,
    });
    // The connection is made and its settings are known; from here on the client hears nothing.
    await ask(health, 'check', {});
    proxy.holdReplies();
    const before = proxy.bytesToServer();
    const chunk = noise(2 ** 18);
    const upload = volumes.writeVolume(() => {});
    upload.on('error', () => {});
    upload.write({ header: { header: headerOf(2 ** 25) } });
    for (let at = 0; at < 2 ** 25; at += chunk.length) upload.write({ chunk: { offsetBytes: at, data: chunk } });
    await until(() => proxy.bytesToServer() - before > 100 * DEFAULT_WINDOW_BYTES);
    upload.cancel();
    proxy.releaseReplies();
    t.pass();
  },
  title: (_, isSecure) =>
    `a client ${isSecure ? 'with' : 'without'} TLS sends over 100 times HTTP/2's default window before it hears from the host`,
});
test(wide, false);
test(wide, true);

/** A client of which HTTP/2 says how much it may send now, before it hears from the host. */
async function openSender(t: ExecutionContext, address: string) {
  const session = connectHttp2(`http://${address}`);
  t.teardown(() => session.destroy());
  await once(session, 'remoteSettings');
  const { WriteVolume } = protocol.voxhost.v1.VolumeService.service;
  const startUpload = async () => {
    const call = session.request({
      ':method': 'POST',
      ':path': WriteVolume.path,
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    call.on('error', () => {});
    const send = (message: object) =>
      new Promise<void>((resolve) => {
        const body = WriteVolume.requestSerialize(message);
        const prefix = Buffer.alloc(5);
        prefix.writeUInt32BE(body.length, 1);
        call.write(Buffer.concat([prefix, body]), () => resolve());
      });
    await send({ header: { header: headerOf(2 ** 28) } });
    let at = 0;
    const sendMore = async (): Promise<void> => {
      for (const end = at + 2 * WINDOW_BYTES; at < end; at += 2 ** 18) {
        await send({ chunk: { offsetBytes: at, data: noise(2 ** 18) } });
      }
    };
    await sendMore();
    return { sendMore, cancel: () => call.close(constants.NGHTTP2_CANCEL) };
  };
  return { startUpload, windowBytes: () => session.state.remoteWindowSize ?? 0 };
}

test('uploads from this machine that share the event loop share a small window; one alone has a wide one', async (t) => {
  const wire = await openWire(t);
  const sender = await openSender(t, wire.address);
  const first = await sender.startUpload();
  const uploads = [];
  await until(() => sender.windowBytes() >= WINDOW_BYTES / 2);
  // Again while a busy machine is too slow to answer the pings that tell a near client.
  do uploads.push(await sender.startUpload());
  while (sender.windowBytes() > SHARED_WINDOW_BYTES && uploads.length < 20);
  t.true(sender.windowBytes() <= SHARED_WINDOW_BYTES, `${sender.windowBytes()} bytes`);
  await until(() => sender.windowBytes() >= SHARED_WINDOW_BYTES / 2);
  for (const upload of uploads) upload.cancel();
  // What the client is told of a wider window comes with what it is told of its next bytes.
  await first.sendMore();
  await until(() => sender.windowBytes() >= WINDOW_BYTES / 2);
  t.pass();
});

test('uploads through a tunnel from afar keep a wide window each', async (t) => {
  const wire = await openWire(t);
  const proxy = await openDelayingProxy(wire.address, 40);
  t.teardown(() => proxy.close());
  const sender = await openSender(t, proxy.address);
  await Promise.all([sender.startUpload(), sender.startUpload()]);
  await until(() => sender.windowBytes() >= WINDOW_BYTES / 2);
  t.pass();
});
