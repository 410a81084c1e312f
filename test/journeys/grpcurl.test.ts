// docs/grpcurl.md, run as it stands against a live host with the real grpcurl.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { findGrpcurl } from '../fixtures/grpcurl.js';
import { ROOT, startTestHost } from '../fixtures/start-host.js';

interface Step {
  readonly script: string;
  readonly expected: readonly string[];
}

/** The page's shell blocks, each with the output that the page shows below it. */
function readSteps(page: string): Step[] {
  return [...page.matchAll(/```sh\n([\s\S]*?)```\n```text\n([\s\S]*?)```/g)].map((match) => ({
    script: match[1]!,
    expected: match[2]!.trimEnd().split('\n'),
  }));
}

/** The first shown line that the output lacks, in order; `…` in a line stands for anything, alone for any lines. */
function findMissingLine(expected: readonly string[], output: string): string | undefined {
  const lines = output.split('\n').map((line) => line.trimEnd());
  let next = 0;
  let anywhere = false;
  for (const line of expected) {
    if (line.trim() === '…') {
      anywhere = true;
      continue;
    }
    const pattern = new RegExp(
      `^${line
        .split('…')
        .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
        .join('.*')}$`,
    );
    const found = lines.findIndex((candidate, index) => index >= next && pattern.test(candidate));
    if (found < 0 || (!anywhere && found !== next)) return line;
    next = found + 1;
    anywhere = false;
  }
  return undefined;
}

test('every command of docs/grpcurl.md prints what the page shows', async (t) => {
  const [{ address, serving }, grpcurl, page] = await Promise.all([
    startTestHost(t),
    findGrpcurl(),
    readFile(join(ROOT, 'docs', 'grpcurl.md'), 'utf8'),
  ]);
  await Promise.all([serving('brain_extraction_mri'), serving('brain_extraction_deepbet')]);
  const steps = readSteps(page);
  t.true(steps.length >= 12);
  const marker = '@@ end of step @@';
  const script = steps
    .map((step) => `${step.script}\necho '${marker}'`)
    .join('\n')
    .replaceAll('localhost:50151', address);
  const { stdout } = await promisify(execFile)(
    'bash',
    ['-euo', 'pipefail', '-c', `exec 2>&1\ngrpcurl() { "$GRPCURL" "$@"; }\n${script}`],
    {
      env: { ...process.env, GRPCURL: grpcurl },
      maxBuffer: 2 ** 26,
    },
  );
  const outputs = stdout.split(`${marker}\n`);
  steps.forEach((step, index) => {
    const missing = findMissingLine(step.expected, outputs[index]!);
    t.is(missing, undefined, `${step.script}\nprinted\n${outputs[index]}`);
  });
});
