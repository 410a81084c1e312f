// The dependency rules that the README names, held by walking every import.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';

const root = fileURLToPath(new URL('../../', import.meta.url));

interface SourceFile {
  readonly path: string;
  readonly text: string;
  /** Paths of our own files, names of packages otherwise. Types count: a rule is about knowledge, not only loading. */
  readonly imports: readonly string[];
  /** The imports that are there at run time. */
  readonly loads: readonly string[];
}

const files = ['server', 'clients', 'proto'].flatMap(readSources);
const byPath = new Map(files.map((file) => [file.path, file]));

function readSources(folder: string): SourceFile[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.includes('node_modules'))
    .map((name) => readSource(join(folder, name)));
}

function readSource(path: string): SourceFile {
  const text = readFileSync(join(root, path), 'utf8');
  const found = [
    ...text.matchAll(/^(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?'([^']+)'/gm),
    ...text.matchAll(/()\bimport\(\s*'([^']+)'\s*\)/g),
  ].map((match) => ({ type: Boolean(match[1]), target: resolveImport(path, match[2]!) }));
  return {
    path: path.split(sep).join('/'),
    text,
    imports: found.map((one) => one.target),
    loads: found.filter((one) => !one.type).map((one) => one.target),
  };
}

function resolveImport(from: string, specifier: string): string {
  if (!specifier.startsWith('.')) return specifier;
  return relative(root, join(root, dirname(from), specifier))
    .split(sep)
    .join('/')
    .replace(/\.js$/, '.ts');
}

function room(path: string): string {
  return path.split('/').slice(0, 2).join('/');
}

function offenders(breaks: (file: SourceFile, target: string) => boolean): string[] {
  return files.flatMap((file) =>
    file.imports.filter((target) => breaks(file, target)).map((target) => `${file.path} imports ${target}`),
  );
}

test('every import of ours names a file that exists', (t) => {
  const unresolved = offenders((_, target) => /^(server|clients|proto)\//.test(target) && !byPath.has(target));
  t.deepEqual(unresolved, []);
  t.true(files.length > 20);
});

const leaves = ['server/imaging', 'server/streams', 'server/errors.ts', 'server/log.ts'];
for (const leaf of leaves) {
  test(`${leaf} is a leaf: it imports nothing of ours but errors`, (t) => {
    const found = offenders(
      (file, target) =>
        file.path.startsWith(leaf) &&
        /^(server|clients|proto)\//.test(target) &&
        !target.startsWith(leaf) &&
        target !== 'server/errors.ts',
    );
    t.deepEqual(found, []);
  });
}

test('server/torchscript could be a package of its own: it imports nothing of ours', (t) => {
  const found = offenders(
    (file, target) =>
      file.path.startsWith('server/torchscript/') &&
      /^(server|clients|proto)\//.test(target) &&
      !target.startsWith('server/torchscript/'),
  );
  t.deepEqual(found, []);
});

const only: [string, RegExp, RegExp][] = [
  ['server/rpc is imported by compose.ts alone', /^server\/rpc\//, /^server\/(rpc\/|compose\.ts$)/],
  ['@grpc is imported by the wire alone', /^@grpc\//, /^(server\/rpc|clients\/typescript|proto)\//],
  ['ONNX Runtime is imported by server/inference alone', /^onnxruntime/, /^server\/inference\//],
  ['the file watcher is imported by server/workflows alone', /^chokidar/, /^server\/workflows\//],
];
for (const [title, target, importer] of only) {
  test(title, (t) => {
    t.deepEqual(
      offenders((file, imported) => target.test(imported) && !importer.test(file.path)),
      [],
    );
  });
}

test('the front process never loads ONNX Runtime, whatever it imports', (t) => {
  const seen = new Set<string>();
  const walk = (path: string): void => {
    if (seen.has(path)) return;
    seen.add(path);
    for (const next of byPath.get(path)?.loads ?? []) walk(next);
  };
  walk('server/main.ts');
  t.true(seen.has('server/compose.ts'));
  t.false(seen.has('onnxruntime-node'));
});

test('rooms do not import each other in circles', (t) => {
  const edges = new Map<string, Set<string>>();
  for (const file of files) {
    for (const target of file.loads) {
      if (byPath.has(target) && room(target) !== room(file.path)) {
        edges.set(room(file.path), (edges.get(room(file.path)) ?? new Set()).add(room(target)));
      }
    }
  }
  const circles: string[] = [];
  const visit = (node: string, path: readonly string[]): void => {
    if (path.includes(node)) circles.push([...path.slice(path.indexOf(node)), node].join(' → '));
    else for (const next of edges.get(node) ?? []) visit(next, [...path, node]);
  };
  for (const node of edges.keys()) visit(node, []);
  t.deepEqual([...new Set(circles)], []);
});

test('only config.ts reads the environment of the host', (t) => {
  const readers = files.filter((file) => file.path.startsWith('server/') && /process\.env\b/.test(file.text));
  t.deepEqual(
    readers.map((file) => file.path),
    ['server/config.ts'],
  );
});

test('no module of the host keeps mutable state of its own', (t) => {
  const found = files.filter((file) => file.path.startsWith('server/') && /^(export )?let /m.test(file.text));
  t.deepEqual(
    found.map((file) => file.path),
    [],
  );
});

test('every file says in its first line what it is for', (t) => {
  const silent = files.filter(
    (file) => !file.path.startsWith('proto/generated/') && !/^(#!.*\n)?\/\/ \S/.test(file.text),
  );
  t.deepEqual(
    silent.map((file) => file.path),
    [],
  );
});
