// Where the host listens, and what it says when it cannot.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { FailedPrecondition } from '../../server/errors.js';
import { silentLog } from '../../server/log.js';
import { openRpcServer } from '../../server/rpc/open-rpc-server.js';
import { ask } from './rooms/calls.js';
import { configIn, connectClients, makeFolder, openWire } from './rooms/open-wire.js';

const unixTest = process.platform === 'win32' ? test.skip : test;

/** Tries to serve beside a host that is there; returns why it does not. */
async function refusedAt(t: ExecutionContext, address: string): Promise<FailedPrecondition> {
  const wire = await openWire(t);
  const config = configIn(await makeFolder(t), { address });
  const error = await t.throwsAsync(openRpcServer({ ...wire, config, log: silentLog }), {
    instanceOf: FailedPrecondition,
  });
  return error!;
}

test('port 0 gives the port that the system chose', async (t) => {
  const wire = await openWire(t);
  t.regex(wire.address, /^127\.0\.0\.1:[1-9]\d+$/);
});

test('localhost answers on every loopback address that this machine has', async (t) => {
  const wire = await openWire(t, { config: { address: 'localhost:0' } });
  t.regex(wire.address, /^localhost:[1-9]\d+$/);
  const { health } = connectClients(t, `127.0.0.1:${wire.address.split(':')[1]}`);
  t.is((await ask(health, 'check', {})).status, 'SERVING');
  t.is((await ask(wire.health, 'check', {})).status, 'SERVING');
});

test('a second host on the same port is told that it is taken and what to do', async (t) => {
  const wire = await openWire(t);
  const error = await refusedAt(t, wire.address);
  t.is(error.reason, 'ADDRESS_TAKEN');
  t.true(error.message.includes(wire.address));
  t.regex(error.message, /Stop it, or choose another --address/);
  t.is((await ask(wire.health, 'check', {})).status, 'SERVING', 'the first host is not disturbed');
});

test('another host on localhost is refused when any of its addresses is taken', async (t) => {
  const wire = await openWire(t);
  const error = await refusedAt(t, `localhost:${wire.address.split(':')[1]}`);
  t.is(error.reason, 'ADDRESS_TAKEN');
});

test('an address that is not of this machine is named, and so is a name that leads nowhere', async (t) => {
  const wire = await openWire(t);
  for (const address of ['192.0.2.1:50151', 'no-such-machine.invalid:50151']) {
    const config = configIn(await makeFolder(t), { address, insecure: true });
    const error = await t.throwsAsync(openRpcServer({ ...wire, config, log: silentLog }), {
      instanceOf: FailedPrecondition,
    });
    t.regex((error as FailedPrecondition).reason, /^ADDRESS_/);
    t.true(error!.message.includes(address));
  }
});

test('an exposed address is refused before anything listens', async (t) => {
  const error = await refusedAt(t, '0.0.0.0:0');
  t.is(error.reason, 'EXPOSED_ADDRESS');
});

unixTest('a Unix socket serves, and its file is gone with the host', async (t) => {
  const path = join(await makeFolder(t), 'host.sock');
  const wire = await openWire(t, { config: { address: `unix:${path}` } });
  t.is(wire.address, `unix:${path}`);
  t.is((await ask(wire.health, 'check', {})).status, 'SERVING');
  await wire.close();
  t.false(existsSync(path));
});

unixTest('a socket file that a killed host left behind is replaced', async (t) => {
  const path = join(await makeFolder(t), 'host.sock');
  const script = `require('net').createServer().listen(${JSON.stringify(path)}, () => console.log('up'))`;
  const host = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(host.stdout, 'data');
  host.kill('SIGKILL');
  await once(host, 'exit');
  t.true(existsSync(path));

  const wire = await openWire(t, { config: { address: `unix:${path}` } });
  t.is((await ask(wire.health, 'check', {})).status, 'SERVING');
});

unixTest('a socket on which somebody answers is left alone', async (t) => {
  const path = join(await makeFolder(t), 'host.sock');
  const first = await openWire(t, { config: { address: `unix:${path}` } });
  const error = await refusedAt(t, `unix:${path}`);
  t.is(error.reason, 'ADDRESS_TAKEN');
  t.is((await ask(first.health, 'check', {})).status, 'SERVING');
});

unixTest('a plain file where the socket should be is not touched', async (t) => {
  const path = join(await makeFolder(t), 'notes.txt');
  writeFileSync(path, 'mine');
  const error = await refusedAt(t, `unix:${path}`);
  t.is(error.reason, 'ADDRESS_TAKEN');
  t.regex(error.message, /not a socket/);
  t.true(existsSync(path));
});

unixTest('a socket in a folder that does not exist, or with a path too long, is explained', async (t) => {
  const folder = await makeFolder(t);
  t.is((await refusedAt(t, `unix:${join(folder, 'none', 'host.sock')}`)).reason, 'ADDRESS_FORBIDDEN');
  t.regex((await refusedAt(t, `unix:${join(folder, 'x'.repeat(200))}`)).message, /bytes/);
});

test('a port below another program is taken as well', async (t) => {
  const other = createServer();
  other.listen(0, '127.0.0.1');
  await once(other, 'listening');
  t.teardown(() => other.close());
  const { port } = other.address() as { port: number };
  t.is((await refusedAt(t, `127.0.0.1:${port}`)).reason, 'ADDRESS_TAKEN');
});
