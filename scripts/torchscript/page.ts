// docs/torchscript-operators.md as text: the operators of the table and the networks of the golden files.
import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { importTorchScript, TorchScriptError } from '../../server/torchscript/import.js';
import { CATALOG, CHAPTERS } from '../../server/torchscript/operators/catalog.js';
import type { Operator } from '../../server/torchscript/operators/define.js';
import { hasOperator, writingOverload } from '../../server/torchscript/operators/operator.js';
import { SCHEMAS } from '../../server/torchscript/operators/schemas.js';

const golden = new URL('../../test/golden/data/torchscript/', import.meta.url);

type Form = { readonly file: string } | { readonly raises: string };

interface NetworkCase {
  readonly class: string;
  readonly monai?: string;
  readonly parameters: number;
  readonly torch: string;
  readonly inputs: readonly (readonly number[])[];
  readonly scripted: Form;
  readonly traced: Form;
}

/** The whole page. Pure but for the golden files that it counts. */
export function operatorsPage(): string {
  const calls = countCalls();
  const networks = readNetworks(new URL('networks/', golden));
  const overloads = Object.values(CHAPTERS).flat().length;
  const files = networks
    .flatMap(([, { scripted, traced }]) => [scripted, traced])
    .filter((form) => 'file' in form).length;
  return `# TorchScript: operators and networks

Made by \`node --import=tsx scripts/torchscript/main.ts\`; never edited by hand. A test compares it with the code.

${CATALOG.size} operators of PyTorch in ${overloads} overloads can be translated. Each overload is called in
\`test/torchscript/operators.test.ts\` (${[...calls.values()].reduce((sum, count) => sum + count, 0)} calls) and compared with torch's
own answer. Where torch has a form that writes (\`relu_\`), that works too, also into slices and other views.

## Networks

${files} files that torch ${networks[0]?.[1].torch} wrote from ${networks.length} networks, small ones of each family, are imported
by \`test/torchscript/networks.test.ts\` and answer as torch did, for one image and for two (where torch itself takes two).

"Open axes" tells what sizes one model takes when the axes behind the channels are left open, as
\`test/torchscript/open-axes.test.ts\` compares them with torch.

${table(['network', 'class', 'input', 'scripted', 'traced', 'open axes'], networks.map(networkRow))}

## Versions of PyTorch

These wrote the files of \`test/torchscript/versions.test.ts\`: networks of each, scripted and traced, with the MONAI of their
time. Each answers as it did there.

${table(['PyTorch', 'MONAI', 'networks'], readVersions().map(versionRow))}

## Operators

${Object.entries(CHAPTERS)
  .map(
    ([chapter, operators]) =>
      `### ${chapter}\n\n${table(['operator', 'overloads', 'writes', 'calls tested'], operatorRows(operators, calls))}`,
  )
  .join('\n\n')}
`;
}

function operatorRows(operators: readonly Operator[], calls: ReadonlyMap<string, number>): string[][] {
  const names = [...new Set(operators.map(({ schema }) => schema.name))];
  return names.map((name) => {
    const own = operators.filter(({ schema }) => schema.name === name).map(({ overload }) => overload);
    const suffixes = own.map((overload) => overload.split('.')[1]).filter((suffix) => suffix !== undefined);
    const writes = hasOperator(`torch.${name}_`) && own.some((overload) => SCHEMAS[writingOverload(overload)]);
    const forms = [...own, ...own.map(writingOverload)];
    const tested = forms.reduce((sum, overload) => sum + (calls.get(overload) ?? 0), 0);
    return [`\`${name}\``, suffixes.join(', '), writes ? `\`${name}_\`` : '', String(tested)];
  });
}

function networkRow([name, network]: readonly [string, NetworkCase]): string[] {
  const state = (form: Form) => ('file' in form ? 'yes' : 'torch itself cannot');
  const input = network.inputs.map((shape) => shape.join('×')).join(', ');
  return [name, network.class, input, state(network.scripted), state(network.traced), openAxes(network)];
}

/** What sizes the network takes with open axes, by the first form of it that there is. */
function openAxes({ inputs, scripted, traced }: NetworkCase): string {
  const form = 'file' in scripted ? scripted : traced;
  if (!('file' in form)) return '';
  const archive = gunzipSync(readFileSync(new URL(`networks/${form.file}`, golden)));
  const inputShapes = inputs.map((shape) => shape.map((size, axis) => (axis < 2 ? size : 'open')));
  try {
    const { report } = importTorchScript(archive, { inputShapes, batch: 'fixed' });
    const step = /^(\d+)\*/.exec(report.inputs[0]!.dims!.at(-1)!)?.[1];
    return step === undefined ? 'any size' : `multiples of ${step}`;
  } catch (error) {
    if (!(error instanceof TorchScriptError)) throw error;
    return 'none';
  }
}

function versionRow([version, networks]: readonly [string, readonly (readonly [string, NetworkCase])[]]): string[] {
  const monai = networks.find(([, network]) => network.monai !== undefined)?.[1].monai ?? '';
  return [version, monai, networks.map(([name]) => name).join(', ')];
}

function readVersions(): (readonly [string, readonly (readonly [string, NetworkCase])[]])[] {
  const folder = new URL('versions/', golden);
  return readdirSync(folder)
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .map((version) => [version, readNetworks(new URL(`${version}/`, folder))]);
}

function readNetworks(folder: URL): (readonly [string, NetworkCase])[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => [
      name.slice(0, -'.json'.length),
      JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as NetworkCase,
    ]);
}

function countCalls(): ReadonlyMap<string, number> {
  const text = gunzipSync(readFileSync(new URL('operators.json.gz', golden))).toString('utf8');
  const counts = new Map<string, number>();
  for (const { overload } of Object.values(JSON.parse(text) as Record<string, { overload: string }[]>).flat()) {
    counts.set(overload, (counts.get(overload) ?? 0) + 1);
  }
  return counts;
}

/** A table with its columns lined up. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]!.length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
