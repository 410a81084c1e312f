// The bundles of a copy of MONAI's model zoo, each with its plan or what stands in the way of one.
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { VoxhostError } from '../../server/errors.js';
import type { Bundle } from '../../server/workflows/bundle.js';
import type { Plan } from '../../server/workflows/plan.js';
import { planFromBundle } from '../../server/workflows/plan-bundle.js';
import { readBundle } from '../../server/workflows/read-bundle.js';

export interface ZooBundle {
  readonly name: string;
  readonly folder: string;
  readonly bundle?: Bundle;
  /** Absent when something stands in the way. Its model is not there yet. */
  readonly plan?: Plan;
  readonly problems: readonly VoxhostError[];
}

/** Reads and plans every bundle of a zoo's folder, by name. */
export async function planZoo(zoo: string): Promise<readonly ZooBundle[]> {
  const models = existsSync(join(zoo, 'models')) ? join(zoo, 'models') : zoo;
  const entries = await readdir(models, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const bundles: ZooBundle[] = [];
  for (const name of names.sort()) bundles.push(await planOne(name, join(models, name)));
  return bundles;
}

async function planOne(name: string, folder: string): Promise<ZooBundle> {
  const { bundle, problems: found } = await readBundle(folder);
  if (bundle === undefined) {
    // No bundle of the zoo ships its model as ONNX: that file is left out of the question.
    return { name, folder, problems: found.filter((problem) => problem.metadata['file'] !== 'models/model.onnx') };
  }
  return { name, folder, bundle, ...planFromBundle(bundle) };
}
