// Tells files of torch.jit.save from bundles, and puts one with its workflow.yaml into a folder of its own.
import { copyFile, link, mkdtemp, open, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, extname, join } from 'node:path';
import { openPromise } from 'yauzl';

const ZIP_MAGIC = 'PK\u0003\u0004';
const PYTORCH_EXTENSIONS = new Set(['.pt', '.pth']);
/** What torch.jit.save's files are named; a text in TypeScript is too, and is no zip. */
const TORCHSCRIPT_EXTENSION = '.ts';

/** Whether a file is a network of PyTorch by its name, or a zip with a network's records. */
export async function isTorchScriptFile(file: string): Promise<boolean> {
  const extension = extname(file).toLowerCase();
  if (PYTORCH_EXTENSIONS.has(extension)) return true;
  const handle = await open(file, 'r');
  try {
    const start = await handle.read(Buffer.alloc(4), 0, 4, 0);
    if (start.buffer.toString('latin1') !== ZIP_MAGIC) return false;
    if (extension === TORCHSCRIPT_EXTENSION) return true;
  } finally {
    await handle.close();
  }
  const zip = await openPromise(file, { autoClose: false }).catch(() => undefined);
  if (zip === undefined) return false;
  try {
    for await (const entry of zip.eachEntry()) if (/^[^/]+\/data\.pkl$/.test(entry.fileName)) return true;
    return false;
  } catch {
    return false;
  } finally {
    zip.close();
  }
}

const WORKFLOW_FILE = 'workflow.yaml';

/** The workflow.yaml beside a model; undefined when there is none. */
export async function findWorkflowFile(model: string): Promise<string | undefined> {
  const file = join(dirname(model), WORKFLOW_FILE);
  return (await stat(file).catch(() => undefined))?.isFile() ? file : undefined;
}

/** Calls `use` with a folder that holds a model and its workflow.yaml and nothing else; it is gone afterwards. */
export async function withModelFolder<T>(
  model: string,
  workflowFile: string,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'voxhost-model-'));
  try {
    const text = await readFile(workflowFile, 'utf8');
    const name = /^model\s*:/m.test(text) ? basename(model) : `model${extname(model).toLowerCase()}`;
    await copyFile(workflowFile, join(folder, WORKFLOW_FILE));
    // A link costs nothing; not every file system has them.
    await link(model, join(folder, name)).catch(() => copyFile(model, join(folder, name)));
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
