// Runs every benchmark, one after the other, and writes what they found beside what they must reach: docs/benchmarks.md.
//
//   make bench                                  everything
//   node --import=tsx benchmarks/run-all.ts start cancel       those two; docs/benchmarks.md stays as it is
import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';
import type { Figure } from './figures.js';
import { ROOT } from './host-process.js';

/** In the order of docs/benchmarks.md. `store` and `pre-post` have no target: they show where time goes. */
const BENCHMARKS = [
  'beside-monai',
  'spleen-shape',
  'spleen-run',
  'network',
  'overhead',
  'start',
  'wire',
  'health-under-load',
  'cancel',
  'torchscript',
  'installed-size',
  'store',
  'pre-post',
] as const;

interface Outcome {
  readonly name: string;
  readonly figures: readonly Figure[];
  /** What it printed beside its figures. */
  readonly printed: string;
  readonly failed: boolean;
}

async function run(name: string): Promise<Outcome> {
  console.log(`\n— ${name}`);
  const child = fork(join(ROOT, 'benchmarks', `${name}.ts`), [], {
    cwd: ROOT,
    execArgv: ['--import=tsx'],
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const figures: Figure[] = [];
  let printed = '';
  child.on('message', (message: { figure?: Figure }) => {
    if (message.figure) figures.push(message.figure);
  });
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    process.stdout.write(text);
    printed += text;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  const kept = printed.split('\n').filter((line) => !/^(reached|MISSED) {2}/.test(line));
  return { name, figures, printed: kept.join('\n').trim(), failed: code !== 0 };
}

function toMarkdown(outcomes: readonly Outcome[]): string {
  const rows = outcomes.flatMap(({ name, figures, failed }) => [
    ...figures.map(({ what, found, target, reached, detail }) =>
      [what, `**${found}**`, target, reached ? 'yes' : '**no**', detail].join(' | '),
    ),
    ...(failed ? [[`benchmarks/${name}.ts`, 'failed', '', '**no**', 'see its output'].join(' | ')] : []),
  ]);
  const details = outcomes.filter(({ printed }) => printed !== '');
  const memoryGib = Math.round(totalmem() / 2 ** 30);
  return `# Benchmarks

Written by \`make bench\` (benchmarks/run-all.ts); do not edit. Ratios come from one run, by turns, on one machine: here
one with ${availableParallelism()} processor cores and ${memoryGib} GiB of memory, without a graphics card, on Node.js ${process.versions.node}.
What each row means, and how to run it alone: [benchmarks/README.md](../benchmarks/README.md).

| what | found | must be | reached | |
|---|---|---|---|---|
${rows.map((row) => `| ${row} |`).join('\n')}

## What else they print

${details.map(({ name, printed }) => `\`benchmarks/${name}.ts\`:\n\n${asBlock(printed)}`).join('\n\n')}
`;
}

/** Tables as they are, all else as it was printed. */
function asBlock(printed: string): string {
  return printed.includes('|---|') ? printed : `\`\`\`text\n${printed}\n\`\`\``;
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(BENCHMARKS as readonly string[]).includes(name));
if (unknown.length > 0) throw new Error(`Unknown: ${unknown.join(', ')}. Known: ${BENCHMARKS.join(', ')}.`);
execFileSync(process.execPath, [join(ROOT, 'scripts', 'build.mjs')], { cwd: ROOT, stdio: 'inherit' });
const outcomes: Outcome[] = [];
for (const name of BENCHMARKS) if (wanted.length === 0 || wanted.includes(name)) outcomes.push(await run(name));
if (wanted.length === 0) await writeFile(join(ROOT, 'docs', 'benchmarks.md'), toMarkdown(outcomes));
if (outcomes.some(({ failed }) => failed)) process.exitCode = 1;
