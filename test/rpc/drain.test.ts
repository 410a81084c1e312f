// The end of the wire: what is under way ends well, what does not is broken, nothing new is taken.
import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { status } from '@grpc/grpc-js';
import test from 'ava';
import { until } from '../fixtures/until.js';
import { ask, collect, failed, next, send, writeAll } from './rooms/calls.js';
import { connectClients, openWire } from './rooms/open-wire.js';
import { headerOf, noise, uploadOf } from './rooms/volumes.js';

/** Longer than a test may take: whoever waits for it fails. */
const LONG_MS = 600_000;

test('calls under way end well while the host drains, and new ones are not taken', async (t) => {
  const wire = await openWire(t);
  const { runService, runs, volumes, store } = wire;
  const bytes = noise(2 ** 20);
  const messages = [...uploadOf(bytes)];
  const { name } = await ask(runService, 'createRun', { workflow: 'brain' });
  const run = await runs.nextRun();
  run.happen({ kind: 'started', device: 'cpu' });
  const watch = runService.watchRun({ name });
  await next(watch);
  let upload: ReturnType<typeof volumes.writeVolume>;
  const uploaded = new Promise<unknown>((resolve, reject) => {
    upload = volumes.writeVolume((error, response) => (error ? reject(error) : resolve(response?.volume?.sizeBytes)));
  });
  for (const message of messages.slice(0, 2)) upload!.write(message);
  await until(() => store.usage().usedBytes > 0);

  const drained = wire.drain(LONG_MS);
  const late = connectClients(t, wire.address);
  t.is((await failed(ask(late.health, 'check', {}))).code, status.UNAVAILABLE);
  await writeAll(upload!, messages.slice(2));
  t.is(await uploaded, bytes.length);
  run.happen({ kind: 'succeeded', result: run.current() });
  t.is((await next(watch)).event, 'succeeded');
  watch.resume();
  await drained;
});

test('what has not ended when the grace is over is broken: its run is stopped, its upload let go', async (t) => {
  const wire = await openWire(t);
  const { runService, runs, volumes, store } = wire;
  const predict = runService.predict();
  predict.write({ start: { run: { workflow: 'brain' } } });
  const broken = failed(collect(predict as never));
  const run = await runs.nextRun();
  const upload = volumes.writeVolume(() => {});
  upload.on('error', () => {});
  upload.write({ header: { header: headerOf(64) } });
  upload.write({ chunk: { data: noise(32) } });
  await until(() => store.usage().usedBytes === 32);
  await wire.drain(0);
  t.true([status.CANCELLED, status.UNAVAILABLE].includes((await broken).code));
  t.regex(await run.stopped, /went away/);
  await until(() => store.usage().usedBytes === 0 && runs.watchers() === 0);
});

test('a connection on which nothing was ever said does not hold the host up', async (t) => {
  const wire = await openWire(t);
  const [host, port] = wire.address.split(':') as [string, string];
  const socket = connectTcp({ host, port: Number(port) });
  socket.on('error', () => {});
  await once(socket, 'connect');
  await wire.drain(LONG_MS);
  socket.resume();
  await once(socket, 'close');
  t.pass();
});

test('the port is free again, and closing again does nothing', async (t) => {
  const wire = await openWire(t);
  await ask(wire.health, 'check', {});
  await wire.close();
  await wire.close();
  await wire.drain(LONG_MS);
  const again = await openWire(t, { config: { address: wire.address } });
  const { volume } = await send(again.volumes, 'writeVolume', uploadOf(noise(64)));
  t.truthy(volume);
});
