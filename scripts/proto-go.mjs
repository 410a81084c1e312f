// Makes the Go stubs of clients/go from proto/voxhost/v1, or with --check says whether the committed ones are fresh.
// Needs Go: the two generators are installed once, at the versions named here, into .cache/go-generators.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const GENERATORS = [
  'google.golang.org/protobuf/cmd/protoc-gen-go@v1.36.10',
  'google.golang.org/grpc/cmd/protoc-gen-go-grpc@v1.6.0',
];
const PACKAGE = 'github.com/voxhost/voxhost/clients/go/voxhostv1';
const STUBS = join('clients', 'go', 'voxhostv1');
const SERVICES = ['host_service', 'workflow_service', 'volume_service', 'run_service'];
const onWindows = process.platform === 'win32';

const generators = resolve('.cache', 'go-generators');
mkdirSync(generators, { recursive: true });
for (const module of GENERATORS) run('go', ['install', module], { GOBIN: generators });

const made = mkdtempSync(join(tmpdir(), 'voxhost-proto-go-'));
// The .proto files name no Go package, since they are not Go's alone: it is given here for each of them.
const options = [`module=${PACKAGE}`, ...SERVICES.map((name) => `Mvoxhost/v1/${name}.proto=${PACKAGE};voxhostv1`)];
const plugin = (name) => ({ local: join(generators, onWindows ? `${name}.exe` : name), out: made, opt: options });
const template = JSON.stringify({ version: 'v2', plugins: ['protoc-gen-go', 'protoc-gen-go-grpc'].map(plugin) });
const templateFile = join(made, 'template.json');
writeFileSync(templateFile, template);
run(join('node_modules', '.bin', onWindows ? 'buf.cmd' : 'buf'), [
  'generate',
  '--template',
  templateFile,
  ...SERVICES.flatMap((name) => ['--path', `proto/voxhost/v1/${name}.proto`]),
]);

const isStub = (name) => name.endsWith('.pb.go');
const names = readdirSync(made).filter(isStub).sort();
const committed = readdirSync(STUBS).filter(isStub).sort();
if (process.argv.includes('--check')) {
  const stale = [...new Set([...names, ...committed])].filter(
    (name) => !names.includes(name) || !committed.includes(name) || !sameFile(name),
  );
  if (stale.length > 0) {
    console.error(`Not fresh, run \`node scripts/proto-go.mjs\`: ${stale.join(', ')}`);
    process.exitCode = 1;
  } else console.log(`${names.length} stubs are fresh`);
} else {
  for (const name of committed) rmSync(join(STUBS, name));
  for (const name of names) writeFileSync(join(STUBS, name), readFileSync(join(made, name)));
}
rmSync(made, { recursive: true, force: true });

function run(command, args, env = {}) {
  execFileSync(command, args, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, ...env },
    shell: onWindows && command.endsWith('.cmd'),
  });
}

function sameFile(name) {
  return readFileSync(join(made, name)).equals(readFileSync(join(STUBS, name)));
}
