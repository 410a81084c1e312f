// Makes what comes from the .proto files: the descriptor set that the host serves and loads, and the TypeScript types.
// With --check it makes them elsewhere and fails if the committed ones differ.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SERVICES = ['host_service', 'workflow_service', 'volume_service', 'run_service'].map(
  (n) => `voxhost/v1/${n}.proto`,
);
const OTHERS = [
  'grpc/health/v1/health.proto',
  'grpc/reflection/v1/reflection.proto',
  'grpc/reflection/v1alpha/reflection.proto',
  'google/rpc/status.proto',
  'google/rpc/error_details.proto',
];
const bin = (name) => join('node_modules', '.bin', process.platform === 'win32' ? `${name}.cmd` : name);
const run = (name, args) =>
  execFileSync(bin(name), args, { stdio: ['ignore', 'ignore', 'inherit'], shell: process.platform === 'win32' });

const made = mkdtempSync(join(tmpdir(), 'voxhost-proto-'));
run('buf', ['build', '--as-file-descriptor-set', '-o', join(made, 'voxhost.binpb')]);
run('proto-loader-gen-types', [
  '--longs=Number',
  '--enums=String',
  '--defaults',
  '--oneofs',
  '--grpcLib=@grpc/grpc-js',
  '--importFileExtension=.js',
  `--outDir=${join(made, 'generated')}`,
  '-I',
  'proto',
  '--',
  ...SERVICES,
  ...OTHERS,
]);

if (process.argv.includes('--check')) {
  const stale = [
    'voxhost.binpb',
    ...listFiles(join(made, 'generated')),
    ...listFiles(join('proto', 'generated'), 'proto'),
  ]
    .filter((file, index, all) => all.indexOf(file) === index)
    .filter((file) => !sameFile(join(made, file), join('proto', file)));
  if (stale.length > 0) {
    console.error(`Not fresh, run \`make proto\`: ${stale.join(', ')}`);
    process.exitCode = 1;
  }
} else {
  cpSync(join(made, 'voxhost.binpb'), join('proto', 'voxhost.binpb'));
  rmSync(join('proto', 'generated'), { recursive: true, force: true });
  cpSync(join(made, 'generated'), join('proto', 'generated'), { recursive: true });
}
rmSync(made, { recursive: true, force: true });

function listFiles(folder, root = made) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
}

function sameFile(a, b) {
  try {
    return readFileSync(a).equals(readFileSync(b));
  } catch {
    return false;
  }
}
