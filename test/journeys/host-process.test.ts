// The host as a process: what an administrator meets. Ports, folders, sockets, signals, death.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import test from 'ava';
import { connect, readImageFile } from '../../clients/typescript/index.js';
import { HEAD_MRI } from '../fixtures/start-host.js';
import { until } from '../fixtures/until.js';
import { createFolder, startHostProcess } from './host-process.js';

test.serial('a second host on the same data folder is refused with the process that holds it', async (t) => {
  const data = await createFolder(t);
  const first = startHostProcess(t, ['--data', data, '--address', '127.0.0.1:0']);
  await first.address;
  const second = startHostProcess(t, ['--data', data, '--address', '127.0.0.1:0']);
  const { code } = await second.ended;
  t.not(code, 0);
  t.regex(second.log(), new RegExp(`${first.child.pid}`));
  t.true(second.log().includes(data), second.log());
  const client = await connect(await first.address, { timeoutMs: 60_000 });
  t.is(await client.health(), 'serving');
  client.close();
});

test.serial('a second host on the same port is refused, and says how to take another', async (t) => {
  const first = startHostProcess(t, ['--data', await createFolder(t), '--address', '127.0.0.1:0']);
  const address = await first.address;
  const second = startHostProcess(t, ['--data', await createFolder(t), '--address', address]);
  const { code } = await second.ended;
  t.not(code, 0);
  t.true(second.log().includes(address), second.log());
  t.regex(second.log(), /--address/);
});

if (process.platform !== 'win32') {
  test.serial('a socket file that a killed host left is taken over, one that answers is not', async (t) => {
    const folder = await createFolder(t);
    const socket = join(folder, 'host.sock');
    const flags = ['--data', join(folder, 'data'), '--address', `unix:${socket}`];
    const first = startHostProcess(t, flags);
    await first.address;
    first.child.kill('SIGKILL');
    await first.ended;
    t.true(existsSync(socket));

    const second = startHostProcess(t, flags);
    const client = await connect(await second.address, { timeoutMs: 60_000 });
    t.is(await client.health(), 'serving');
    client.close();

    const third = startHostProcess(t, ['--data', join(folder, 'other'), '--address', `unix:${socket}`]);
    t.not((await third.ended).code, 0);
    t.true(third.log().includes(socket), third.log());
  });

  test.serial(
    'SIGTERM during a run: the run is finished and answered, then the host ends by itself and cleanly',
    async (t) => {
      const data = await createFolder(t);
      const host = startHostProcess(t, ['--data', data, '--address', '127.0.0.1:0']);
      const client = await connect(await host.address, { timeoutMs: 60_000 });
      t.teardown(() => client.close());
      const image = await readImageFile(HEAD_MRI);
      let signalled = false;
      const run = await client.run(
        'brain_extraction_mri',
        { image },
        {
          onEvent: (event) => {
            if (event.kind !== 'progress' || signalled) return;
            signalled = true;
            host.child.kill('SIGTERM');
          },
        },
      );
      t.true(signalled);
      t.is(run.state, 'succeeded');
      client.close();
      t.deepEqual(await host.ended, { code: 0, signal: null });
    },
  );
}

test.serial('a host that was killed comes back with its volumes and without what was half done', async (t) => {
  const data = await createFolder(t);
  const first = startHostProcess(t, ['--data', data, '--address', '127.0.0.1:0']);
  const image = await readImageFile(HEAD_MRI);
  const client = await connect(await first.address, { timeoutMs: 60_000 });
  const volume = await client.upload(image);
  const running = client.run('brain_extraction_mri', { image }, { onEvent: () => first.child.kill('SIGKILL') });
  const error = await t.throwsAsync(running);
  t.is((error as { code?: string }).code, 'UNAVAILABLE');
  client.close();
  await first.ended;

  const second = startHostProcess(t, ['--data', data, '--address', '127.0.0.1:0']);
  const again = await connect(await second.address, { timeoutMs: 60_000 });
  t.teardown(() => again.close());
  t.is((await again.volume(volume.name)).sha256, volume.sha256);
  const run = await again.run('brain_extraction_mri', { image: volume });
  t.is(run.state, 'succeeded');
  const scratch = await readdir(join(data, 'volumes', 'scratch')).catch(() => []);
  t.deepEqual(scratch, []);
});

test.serial('on an address that others can reach the host does not start without TLS and token', async (t) => {
  const open = startHostProcess(t, ['--data', await createFolder(t), '--address', '0.0.0.0:0']);
  t.not((await open.ended).code, 0);
  for (const word of ['--tls-cert', '--token-file', '--insecure']) t.true(open.log().includes(word), open.log());
});

if (process.platform !== 'win32') {
  test.serial('the processes of the models end with the host, even when it is killed', async (t) => {
    const host = startHostProcess(t, ['--data', await createFolder(t), '--address', '127.0.0.1:0']);
    const client = await connect(await host.address, { timeoutMs: 60_000 });
    await client.run('brain_extraction_mri', { image: await readImageFile(HEAD_MRI) });
    client.close();
    const runners = listChildren(host.child.pid!);
    t.true(runners.length >= 1);
    host.child.kill('SIGKILL');
    await host.ended;
    await until(() => !runners.some(isAlive));
    t.pass();
  });
}

function listChildren(parent: number): number[] {
  return execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([pid, ppid]) => (ppid === parent ? [pid!] : []));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test.serial('a port that is taken by something else is named', async (t) => {
  const other = createServer().listen(0, '127.0.0.1');
  t.teardown(() => other.close());
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as { port: number };
  const host = startHostProcess(t, ['--data', await createFolder(t), '--address', `127.0.0.1:${port}`]);
  t.not((await host.ended).code, 0);
  t.true(host.log().includes(String(port)), host.log());
});
