// Writes docs/zoo.md: what becomes of each bundle in a copy of MONAI's model zoo.
//
// node --import=tsx scripts/zoo-table.ts <folder of the zoo> > docs/zoo.md, then make fix lines its columns up.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { planFromBundle } from '../server/workflows/plan-bundle.js';
import { readBundle } from '../server/workflows/read-bundle.js';

const zoo = process.argv[2];
if (zoo === undefined) throw new Error('usage: zoo-table.ts <folder of the zoo>');
const models = existsSync(join(zoo, 'models')) ? join(zoo, 'models') : zoo;

/** A bundle's row: whether its configuration plans, and the first thing that stands in the way. */
async function row(name: string): Promise<{ plans: boolean; text: string }> {
  const { bundle, problems: read } = await readBundle(join(models, name));
  // No bundle of the zoo ships its model as ONNX: that file is left out of the question.
  const missing = read.filter((problem) => problem.metadata['file'] !== 'models/model.onnx');
  const { plan, problems } = bundle ? planFromBundle(bundle) : { problems: missing };
  const reason = problems[0]?.message.replace(/ This host has .*$/, '').replaceAll('|', '\\|') ?? '';
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  return { plans: plan !== undefined, text: `| ${name} | ${plan ? 'yes' : 'no'} | ${reason}${more} |` };
}

function version(): string {
  try {
    return execFileSync('git', ['-C', models, 'log', '-1', '--format=%h of %cs'], {
      encoding: 'utf8',
      stdio: 'pipe',
    }).trim();
  } catch {
    return process.argv[3] ?? 'a copy without history';
  }
}

const names = readdirSync(models, { withFileTypes: true }).filter((entry) => entry.isDirectory());
const rows = [];
for (const { name } of names.sort((a, b) => (a.name < b.name ? -1 : 1))) rows.push(await row(name));
const planned = rows.filter(({ plans }) => plans).length;
console.log(`# The bundles of MONAI's model zoo

${planned} of ${rows.length} bundles' inference configurations become a plan. A bundle also needs its network as
\`models/model.onnx\`: the zoo ships none, \`python -m monai.bundle onnx_export\` makes it. For the others the table has
the first thing that stands in the way; \`voxhost check FOLDER\` tells them all.

Made from Project-MONAI/model-zoo (${version()}) by \`node --import=tsx scripts/zoo-table.ts FOLDER\`; never edited by hand.

| bundle | plans | what stands in the way |
|---|---|---|
${rows.map(({ text }) => text).join('\n')}`);
