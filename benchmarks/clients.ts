// Each client beside the bare gRPC library of its language, on the same host, in turns: how many times as fast, each way.
//   node --import=tsx benchmarks/clients.ts [go] [java] [rust] [typescript] [cpp] [--mebibytes=1024] [--rounds=5] [--save]
// All five when none is named; each needs its toolchain. The host is the compiled one, in a process of its own: `make build`
// first. With --save the table of clients gets the ratios (docs/clients/throughput/). Python's is python_client.py.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { writeClients } from '../docs/clients/list-clients.js';
import { CPP_CLIENT, cmake, cppProgram } from '../test/fixtures/cpp.js';
import { buildJavaClient } from '../test/fixtures/java.js';
import { RUST_CLIENT, runCargo, rustProgram } from '../test/fixtures/rust.js';
import { ROOT, startHostProcess } from './host-process.js';

const execute = promisify(execFile);

/** A language's program: takes address, MiB and rounds, ends with a line of JSON, `up` and `down`. */
interface Program {
  /** What it is compared with. */
  readonly bare: string;
  /** Its source, for the table. */
  readonly by: string;
  /** Builds it. @param folder takes what is compiled @returns the command that runs it */
  build(folder: string): Promise<readonly string[]>;
}

const PROGRAMS: Readonly<Record<string, Program>> = {
  go: {
    bare: 'grpc-go',
    by: 'clients/go/internal/throughput/main.go',
    async build(folder) {
      const file = join(folder, process.platform === 'win32' ? 'go-client.exe' : 'go-client');
      await execute('go', ['build', '-o', file, './internal/throughput'], { cwd: join(ROOT, 'clients', 'go') });
      return [file];
    },
  },
  java: {
    bare: 'grpc-java',
    by: 'clients/java/src/test/java/io/github/voxhost/Throughput.java',
    async build() {
      // The image, and what comes back: three arrays of 1 GiB at most.
      return ['java', '-Xmx6g', '-cp', (await buildJavaClient()).classpath, 'io.github.voxhost.Throughput'];
    },
  },
  rust: {
    bare: 'tonic',
    by: 'clients/rust/examples/throughput.rs',
    async build() {
      await runCargo(['build', '--release', '--locked', '--example', 'throughput'], { cwd: RUST_CLIENT });
      return [rustProgram(join('examples', 'throughput'), 'release')];
    },
  },
  typescript: {
    bare: 'grpc-js',
    by: 'benchmarks/typescript-client.ts',
    async build() {
      return [process.execPath, '--import=tsx', join(ROOT, 'benchmarks', 'typescript-client.ts')];
    },
  },
  cpp: {
    bare: 'gRPC C++',
    by: 'clients/cpp/benchmarks/throughput.cpp',
    async build() {
      const build = join(ROOT, '.cache', 'cpp', 'release');
      await cmake(['-S', CPP_CLIENT, '-B', build, '-DCMAKE_BUILD_TYPE=Release', '-DVOXHOST_BUILD_TESTS=ON']);
      await cmake(['--build', build, '--target', 'voxhost-throughput']);
      return [cppProgram(build, 'benchmarks', 'voxhost-throughput')];
    },
  },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    mebibytes: { type: 'string', default: '1024' },
    rounds: { type: 'string', default: '5' },
    save: { type: 'boolean', default: false },
  },
});
const folder = await mkdtemp(join(tmpdir(), 'voxhost-bench-'));
try {
  for (const name of positionals.length > 0 ? positionals : Object.keys(PROGRAMS)) {
    const program = PROGRAMS[name];
    if (!program) throw new Error(`There is no ${name}; there are ${Object.keys(PROGRAMS).join(', ')}.`);
    await measure(name, program);
  }
} finally {
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}

async function measure(name: string, program: Program): Promise<void> {
  const [command, ...words] = await program.build(folder);
  const workflows = join(folder, name);
  await mkdir(workflows);
  const host = await startHostProcess(workflows);
  try {
    const all = [...words, host.address, values.mebibytes, values.rounds];
    const { stdout, stderr } = await execute(command!, all, { cwd: ROOT, maxBuffer: 2 ** 24 });
    const { up, down } = JSON.parse(stdout.trim().split('\n').at(-1)!) as { up: number; down: number };
    console.log(`${name}: up ${up}, down ${down} times as fast as bare ${program.bare}. ${stderr.trim()}`);
    if (!values.save) return;
    const measured = { bare: program.bare, mebibytes: Number(values.mebibytes), up, down, by: program.by };
    const file = join(ROOT, 'docs', 'clients', 'throughput', `${name}.json`);
    await writeFile(file, `${JSON.stringify(measured, null, 2)}\n`);
    writeClients();
  } finally {
    await host.stop();
  }
}
