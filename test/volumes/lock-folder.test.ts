import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { FailedPrecondition } from '../../server/errors.js';
import { lockAddresses, lockFolder } from '../../server/volumes/lock-folder.js';
import { listFiles, makeFolder } from './store-fixture.js';

const script = fileURLToPath(new URL('locked-folder.ts', import.meta.url));

/** Another process that locks the folder; `said` is the first line that it prints. */
async function lockElsewhere(t: ExecutionContext, folder: string) {
  const child = spawn(process.execPath, ['--import=tsx', script, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.teardown(() => child.kill('SIGKILL'));
  const [text] = await once(child.stdout.setEncoding('utf8'), 'data');
  return { child, said: String(text).trim() };
}

test('a folder that another process has is refused, naming that process and the remedy', async (t) => {
  const folder = await makeFolder(t);
  const { child, said } = await lockElsewhere(t, folder);
  t.is(said, 'locked');
  const error = await t.throwsAsync(lockFolder(folder), { instanceOf: FailedPrecondition });
  t.is((error as FailedPrecondition).reason, 'FOLDER_IN_USE');
  t.regex(error?.message ?? '', new RegExp(`process ${child.pid}\\b.*--data`));
  t.true(error?.message.includes(folder));
});

test('a folder whose host was killed is taken over', async (t) => {
  const folder = await makeFolder(t);
  const { child } = await lockElsewhere(t, folder);
  child.kill('SIGKILL');
  await once(child, 'exit');
  const lock = await lockFolder(folder);
  t.regex((await lockElsewhere(t, folder)).said, new RegExp(`process ${process.pid}\\b`));
  await lock.release();
});

test('a folder that was let go is free, and nothing stays in it', async (t) => {
  const folder = await makeFolder(t);
  const lock = await lockFolder(folder);
  await t.throwsAsync(lockFolder(folder), { message: new RegExp(`process ${process.pid}\\b`) });
  await lock.release();
  await lock.release();
  t.deepEqual(await listFiles(folder), []);
  await (await lockFolder(folder)).release();
});

test('a folder is the same by another path, and others are free', async (t) => {
  const folder = await makeFolder(t);
  for (const name of ['a', 'b']) await mkdir(join(folder, name));
  await symlink(join(folder, 'a'), join(folder, 'also-a'), 'junction');
  const lock = await lockFolder(join(folder, 'a'));
  await t.throwsAsync(lockFolder(join(folder, 'also-a')), { instanceOf: FailedPrecondition });
  await (await lockFolder(join(folder, 'b'))).release();
  await lock.release();
});

test('a folder too deep for a socket file can be locked', async (t) => {
  const folder = join(await makeFolder(t), 'x'.repeat(100), 'y'.repeat(100));
  await mkdir(folder, { recursive: true });
  const lock = await lockFolder(folder);
  await t.throwsAsync(lockFolder(folder), { instanceOf: FailedPrecondition });
  await lock.release();
});

if (process.platform !== 'win32') {
  test('a host in another container, which only the socket file shows, keeps the folder', async (t) => {
    const folder = await makeFolder(t);
    const host = createServer((socket) => socket.end('process 7 on container-1'));
    await new Promise<void>((resolve) => host.listen(join(folder, 'host.sock'), resolve));
    await t.throwsAsync(lockFolder(folder), { message: /process 7 on container-1/ });
    await new Promise((resolve) => host.close(resolve));
    await (await lockFolder(folder)).release();
  });
}

test('each platform has a name that one process alone can listen on', (t) => {
  const of = (platform: NodeJS.Platform, folder: string) => lockAddresses(folder, platform, '/tmp');
  t.regex(of('win32', 'C:\\Data')[0]!.path, /^\\\\\.\\pipe\\voxhost-[0-9a-f]{32}$/);
  t.deepEqual(of('win32', 'C:\\Data'), of('win32', 'c:\\data'));
  t.true(of('linux', '/data')[0]!.path.startsWith('\0'));
  t.notDeepEqual(of('linux', '/Data')[0], of('linux', '/data')[0]);
  t.deepEqual(of('darwin', '/data'), [{ path: join('/data', 'host.sock'), isFile: true, optional: false }]);
  for (const { path } of of('darwin', `/${'x'.repeat(200)}`)) t.true(path.length <= 103, path);
});
