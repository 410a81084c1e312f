// Runs bundles of the zoo in MONAI and here on the same seeded networks and volumes, and compares the answers.
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Answer, type Difference, differenceOf } from './difference.js';
import { answerOfHost } from './host-side.js';
import { type Job, jobFor } from './job.js';
import type { ZooBundle } from './plan-zoo.js';

/** What became of one bundle. */
export interface Proof {
  readonly monaiSeconds?: number;
  readonly ourSeconds?: number;
  readonly difference?: Difference;
  /** Why there is nothing to compare. */
  readonly error?: string;
}

interface MonaiLine {
  readonly name: string;
  readonly error?: string;
  readonly seconds?: number;
  readonly inputs?: Readonly<Record<string, string>>;
  /** 4×4 by rows, by the bundle's reader: what a client that reads with it sends. */
  readonly affines?: Readonly<Record<string, readonly number[]>>;
  readonly answer?: Answer & { readonly file: string };
}

/** @param python one in which test/golden/requirements.txt is installed. `keep` leaves inputs and answers there. */
export async function proveZoo(
  bundles: readonly ZooBundle[],
  python: string,
  keep?: string,
): Promise<ReadonlyMap<string, Proof>> {
  const folder = keep ?? (await mkdtemp(join(tmpdir(), 'voxhost-zoo-')));
  try {
    const jobs: Job[] = [];
    for (const { name, folder: source, plan, bundle } of bundles) {
      if (plan === undefined || bundle === undefined) continue;
      const own = join(folder, name);
      await mkdir(own, { recursive: true });
      await cp(join(source, 'configs'), join(own, 'configs'), { recursive: true });
      jobs.push(jobFor(name, own, plan, bundle.metadata.content));
    }
    await writeFile(join(folder, 'jobs.json'), JSON.stringify(jobs));
    const proofs = new Map<string, Proof>();
    for (const line of await runMonai(python, join(folder, 'jobs.json'))) {
      proofs.set(line.name, await proveOne(line, join(folder, line.name)));
    }
    return proofs;
  } finally {
    if (keep === undefined) await rm(folder, { recursive: true, force: true });
  }
}

async function runMonai(python: string, jobs: string): Promise<readonly MonaiLine[]> {
  const script = fileURLToPath(new URL('monai_side.py', import.meta.url));
  const { stdout } = await promisify(execFile)(python, [script, jobs], { maxBuffer: 2 ** 26 });
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as MonaiLine);
}

async function proveOne(line: MonaiLine, folder: string): Promise<Proof> {
  const { error, seconds, inputs, answer, affines = {} } = line;
  if (error !== undefined || inputs === undefined || answer === undefined || seconds === undefined) {
    return { error: `MONAI: ${error ?? 'no answer'}` };
  }
  try {
    const ours = await answerOfHost(folder, inputs, affines);
    const theirs = { ...answer, bytes: await readFile(answer.file) };
    return { monaiSeconds: seconds, ourSeconds: ours.seconds, difference: differenceOf(ours.answer, theirs) };
  } catch (problem) {
    return { monaiSeconds: seconds, error: (problem as Error).message };
  }
}
