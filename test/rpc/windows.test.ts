// How much a client may send before it hears from the host: what an upload from far away lives on.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { credentials } from '@grpc/grpc-js';
import test from 'ava';
import { openDelayingProxy } from '../fixtures/delaying-proxy.js';
import { until } from '../fixtures/until.js';
import { ask } from './rooms/calls.js';
import { connectClients, openWire } from './rooms/open-wire.js';
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
