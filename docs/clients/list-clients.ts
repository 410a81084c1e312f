// Makes docs/clients/README.md from the pages beside it, the table of the contract and what benchmarks measured.
//   node --import=tsx docs/clients/list-clients.ts      (`make contract` does it too)
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const HERE = new URL('./', import.meta.url);

/** Every client, by its page: how the contract's table calls it, and what it gives beside the contract. */
const CLIENTS: readonly { readonly page: string; readonly name: string; readonly beside: string }[] = [
  {
    page: 'python',
    name: 'Python',
    beside: 'asyncio; NIfTI, NRRD, MHA, DICOM, numpy, nibabel, SimpleITK, ITK; notebooks; starts a host of its own',
  },
  { page: 'typescript', name: 'TypeScript', beside: 'NIfTI, NRRD, MHA; the `voxhost` command; `Predict`' },
  { page: 'cpp', name: 'C++', beside: 'views without copies; ITK by an example' },
  { page: 'go', name: 'Go', beside: 'contexts' },
  { page: 'java', name: 'Java', beside: '`try` with resources: closing cancels; interrupts; Unix sockets' },
  {
    page: 'rust',
    name: 'Rust',
    beside: 'dropping cancels; progress as a Stream; TLS with one’s own certificate; Unix sockets',
  },
  { page: 'csharp', name: 'C#', beside: 'never compiled or run: no .NET was to be had' },
  { page: 'slicer', name: '3D Slicer', beside: 'a module with a panel, and one line from Slicer’s console' },
];

/** How the languages' first fenced program is marked. */
const PROGRAM = /^```(?:python|ts|go|cpp|java|rust|csharp)\n(.*?)^```/ms;

interface Throughput {
  readonly bare: string;
  readonly mebibytes: number;
  /** Times as fast as the bare stream, each way. */
  readonly up: number;
  readonly down: number;
  /** The benchmark's file. */
  readonly by: string;
}

/** The page. @param read a file of docs/clients, or undefined when it is not there */
export function renderClients(read: (name: string) => string | undefined): string {
  const contract = read('contract.md') ?? '';
  const rows = CLIENTS.flatMap(({ page, name, beside }) => {
    const text = read(`${page}.md`);
    if (text === undefined) return [];
    const measured = read(`throughput/${page}.json`);
    const cells = [
      `[${name}](${page}.md)`,
      installLine(text, page),
      programLines(text, page),
      heldOf(contract, name),
      beside,
      measured === undefined ? '' : throughputWords(JSON.parse(measured) as Throughput),
    ];
    return [`| ${cells.join(' | ')} |`];
  });
  return `${INTRODUCTION}\n${rows.join('\n')}\n${NOTES}`;
}

const INTRODUCTION = `# Clients

Made by \`docs/clients/list-clients.ts\`, not by hand; a test makes it again and compares. The nouns are the same everywhere:
Host, Workflow, Volume, Run, Segment. A language that is not here takes [the proto files](../../proto/voxhost/v1) and
[the protocol's page](../protocol.md).

| | install | to a mask | [conversations](contract.md) held | beside that | throughput, against the bare library |
|---|---|---|---|---|---|`;

const NOTES = `
*To a mask*: lines of the first program of the page, which the tests run: a head MRI in, MONAI's mask out. Languages that
read no image files spell out the geometry. *Throughput*: upload and download of one volume by the client, times as fast as
the same gRPC library with nothing around it, to the same host; only what was measured is here. Where the cell is empty,
nobody has measured. *What goes wrong* on the way, and where each client is shown to survive it: [bad luck](bad-luck.md).
`;

/** The first command of the page that names the client. */
function installLine(text: string, page: string): string {
  const commands = [...text.matchAll(/^```sh\n(.*?)^```/gms)].flatMap((match) => match[1]!.split('\n'));
  const line = commands.find((command) => /voxhost|clients\//.test(command))?.replace(/ +#.*/, '');
  return line ? `\`${line}\`` : `[its page](${page}.md)`;
}

function programLines(page: string, name: string): string {
  const program = PROGRAM.exec(page)?.[1];
  if (program === undefined) return '';
  const lines = program.split('\n').filter((line) => line.trim() !== '').length;
  return lines < 3 ? '' : `[${lines} lines](${name}.md)`;
}

/** How many rows of the contract's table a language's column holds, of how many. */
function heldOf(contract: string, language: string): string {
  const table = contract.split('\n').filter((line) => line.startsWith('|'));
  const cells = (row: string): string[] =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
  const column = cells(table[0] ?? '').indexOf(language);
  if (column < 0) return language === '3D Slicer' ? 'by the Python client' : '';
  const marks = table.slice(2).map((row) => cells(row)[column]);
  return `${marks.filter((mark) => mark === 'yes').length} of ${marks.length}`;
}

function throughputWords({ bare, mebibytes, up, down, by }: Throughput): string {
  return `up ${up}×, down ${down}× of ${bare}, ${mebibytes} MiB ([how](../../${by}))`;
}

/** Writes the page. */
export function writeClients(): void {
  writeFileSync(new URL('README.md', HERE), renderClients(readHere));
}

/** A file of this folder. */
export function readHere(name: string): string | undefined {
  const file = new URL(name, HERE);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeClients();
