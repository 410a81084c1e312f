// The parser reads serialised programs as Python's own parser does: source_trees.py wrote down what that one makes of them.
import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import test from 'ava';
import { tokenize } from '../../../server/torchscript/source/lexer.js';
import { parseExpression } from '../../../server/torchscript/source/parse-expression.js';
import { parseFile } from '../../../server/torchscript/source/parse-file.js';
import { TokenStream } from '../../../server/torchscript/source/token-stream.js';
import { readRecords } from '../archives.js';
import { readGolden } from '../golden.js';
import { Normaliser, placesIn, type Tree } from './normalise.js';

const MAX_TOKENS = 1_000_000;

function readJson<T>(name: string): T {
  return JSON.parse(Buffer.from(readGolden(`source/${name}.json`)).toString()) as T;
}

/** The sources of an archive, in the order of their names. */
function sourcesOf(archive: string): [record: string, source: string][] {
  const bytes = readGolden(archive);
  return Object.entries(readRecords(archive.endsWith('.gz') ? gunzipSync(bytes) : bytes))
    .filter(([name]) => /^code\/.*\.py$/.test(name))
    .map(([name, data]): [string, string] => [name, Buffer.from(data).toString()])
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

function treeOf(source: string): Tree {
  return new Normaliser(placesIn(source)).file(parseFile(source, MAX_TOKENS, String));
}

const trees = readJson<{ archive: string; record: string; tree: Tree }[]>('trees');
for (const { archive, record, tree } of trees) {
  test(`${record} of ${archive} is parsed as Python's ast does, node by node`, (t) => {
    const source = sourcesOf(archive).find(([name]) => name === record)![1];
    t.deepEqual(treeOf(source), tree);
  });
}

test("every record of every golden archive is parsed as Python's ast does, by the digest of the trees", (t) => {
  const digests = Object.entries(readJson<Record<string, { records: number; sha256: string }>>('digests'));
  let count = 0;
  for (const [archive, expected] of digests) {
    const sha256 = createHash('sha256');
    const sources = sourcesOf(archive);
    for (const [record, source] of sources) sha256.update(`${record}\n${JSON.stringify(treeOf(source))}\n`);
    t.deepEqual({ records: sources.length, sha256: sha256.digest('hex') }, expected, archive);
    count += sources.length;
  }
  t.true(count > 9_000, `${count}`);
});

const expressions = readJson<{ source: string; tree: Tree }[]>('expressions');
for (const { source, tree } of expressions) {
  test(`${source} is the expression that Python's ast makes of it`, (t) => {
    const tokens = new TokenStream(tokenize(source, MAX_TOKENS, String), String);
    t.deepEqual(new Normaliser(placesIn(source)).expression(parseExpression(tokens)), tree);
    t.deepEqual([tokens.take().type, tokens.take().type], ['newline', 'end']);
  });
}
