// grpc.health.v1 over a real connection: the host, its services, and each workflow.
import { status } from '@grpc/grpc-js';
import test from 'ava';
import { ask, failed, next } from './rooms/calls.js';
import { openWire } from './rooms/open-wire.js';

const SERVICES = [
  'grpc.health.v1.Health',
  'grpc.reflection.v1.ServerReflection',
  'grpc.reflection.v1alpha.ServerReflection',
  'voxhost.v1.HostService',
  'voxhost.v1.RunService',
  'voxhost.v1.VolumeService',
  'voxhost.v1.WorkflowService',
];

test('the host and each of its services serve, whatever becomes of a workflow', async (t) => {
  const { health, catalog } = await openWire(t);
  catalog.set('brain', { state: 'failed' });
  for (const service of ['', ...SERVICES]) t.is((await ask(health, 'check', { service })).status, 'SERVING');
});

test('a workflow serves only while it is ready', async (t) => {
  const { health, catalog } = await openWire(t);
  for (const [state, expected] of [
    ['ready', 'SERVING'],
    ['loading', 'NOT_SERVING'],
    ['failed', 'NOT_SERVING'],
  ] as const) {
    catalog.set('brain', { state });
    t.is((await ask(health, 'check', { service: 'brain' })).status, expected);
  }
  catalog.set('brain', { state: 'ready', resident: false });
  t.is((await ask(health, 'check', { service: 'brain' })).status, 'SERVING', 'it comes back on demand');
});

test('a workflow cannot hide a service by its name', async (t) => {
  const { health, catalog } = await openWire(t);
  catalog.set('voxhost.v1.RunService', { state: 'failed' });
  t.is((await ask(health, 'check', { service: 'voxhost.v1.RunService' })).status, 'SERVING');
});

test('Check of what nobody knows is NOT_FOUND', async (t) => {
  const { health } = await openWire(t);
  t.is((await failed(ask(health, 'check', { service: 'none' }))).code, status.NOT_FOUND);
});

test('List shows the host, its services and its workflows', async (t) => {
  const { health, catalog } = await openWire(t);
  catalog.set('slow', { state: 'loading' });
  const { statuses } = await ask(health, 'list', {});
  t.deepEqual(
    Object.fromEntries(Object.entries(statuses).map(([name, { status: found }]) => [name, found])),
    Object.fromEntries([...['', ...SERVICES, 'brain'].map((name) => [name, 'SERVING']), ['slow', 'NOT_SERVING']]),
  );
});

test('Watch sends each change once, from before a workflow is there until after it is gone', async (t) => {
  const { health, catalog } = await openWire(t);
  const watch = health.watch({ service: 'late' });
  watch.on('error', () => {});
  const nextStatus = async () => (await next(watch)).status;
  t.is(await nextStatus(), 'SERVICE_UNKNOWN');
  catalog.set('late', { state: 'loading' });
  t.is(await nextStatus(), 'NOT_SERVING');
  catalog.set('late', { state: 'loading', failure: '' });
  catalog.set('brain', { state: 'failed' });
  catalog.set('late', { state: 'ready' });
  t.is(await nextStatus(), 'SERVING', 'what did not change is not sent again');
  catalog.set('late', undefined);
  t.is(await nextStatus(), 'SERVICE_UNKNOWN');
  watch.cancel();
});

test('a host that drains says NOT_SERVING, then lets its watchers go as UNAVAILABLE', async (t) => {
  const wire = await openWire(t);
  const watch = wire.health.watch({ service: '' });
  t.is((await next(watch)).status, 'SERVING');
  const drained = wire.drain(600_000);
  t.is((await next(watch)).status, 'NOT_SERVING');
  t.is((await failed(next(watch))).code, status.UNAVAILABLE);
  await drained;
});
