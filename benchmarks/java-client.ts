// The Java client beside bare grpc-java, on the same host, in turns: how many times as fast, each way.
//   node --import=tsx benchmarks/java-client.ts [MEBIBYTES] [ROUNDS] [--save]
// Needs a JDK and Maven. With --save the table of clients gets the ratios (docs/clients/throughput/java.json).
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { writeClients } from '../docs/clients/list-clients.js';
import { silentLog } from '../server/log.js';
import { startHost } from '../server/main.js';
import { buildJavaClient } from '../test/fixtures/java.js';
import { ROOT } from '../test/fixtures/start-host.js';

const [mebibytes = '128', rounds = '5'] = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const { classpath } = await buildJavaClient();
const folder = await mkdtemp(join(tmpdir(), 'voxhost-bench-'));
const options = { address: '127.0.0.1:0', workflows: join(folder, 'workflows'), data: join(folder, 'data') };
await mkdir(options.workflows);
const host = await startHost(options, silentLog);
try {
  const words = ['-cp', classpath, 'io.github.voxhost.Throughput', host.address, mebibytes, rounds];
  const { stdout } = await promisify(execFile)('java', words);
  const { up, down } = JSON.parse(stdout) as { up: number; down: number };
  console.log(`up ${up}, down ${down} times as fast as bare grpc-java (${mebibytes} MiB)`);
  if (process.argv.includes('--save')) {
    const measured = { bare: 'grpc-java', mebibytes: Number(mebibytes), up, down, by: 'benchmarks/java-client.ts' };
    const file = join(ROOT, 'docs', 'clients', 'throughput', 'java.json');
    await writeFile(file, `${JSON.stringify(measured, null, 2)}\n`);
    writeClients();
  }
} finally {
  await host.stop();
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}
