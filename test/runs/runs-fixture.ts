// The run room over a real store and a real catalog, whose processes follow scripts.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { openRuns, type RunsOptions } from '../../server/runs/open-runs.js';
import type { Run, RunEvent, RunHappening, RunRequest, Runs } from '../../server/runs/run.js';
import type { Volume, VolumeStore } from '../../server/volumes/store.js';
import type { WorkflowCatalogOptions } from '../../server/workflows/open-workflow-catalog.js';
import type { Script, ScriptStep } from '../fixtures/script.js';
import { SMALL_HEADER } from '../fixtures/scripted-bundle.js';
import { openStore, upload } from '../volumes/store-fixture.js';
import { openCatalog, type TestCatalog } from '../workflows/catalog-fixture.js';

export interface TestRuns extends TestCatalog {
  readonly runs: Runs;
  readonly store: VolumeStore;
  /** An image that every scripted workflow takes. */
  readonly image: Volume;
  create(workflow: string, request?: Partial<RunRequest>): Promise<Run>;
  /** All events of a run that has ended or will. */
  events(run: Run): Promise<RunEvent[]>;
  /** Resolves with the first event of that kind, past or coming. */
  event<Kind extends RunHappening['kind']>(run: Run, kind: Kind): Promise<Extract<RunEvent, { kind: Kind }>>;
  /** Result files that no volume was made of. */
  scratchFiles(): Promise<string[]>;
}

const SEGMENTS = [{ value: 1, name: 'brain', color: { red: 200, green: 100, blue: 50 } }];
export const DESCRIPTION = { outputs: [{ name: 'pred', kind: 'label-map' as const, segments: SEGMENTS }] };
export const OUTPUT: ScriptStep = { output: { name: 'pred', header: SMALL_HEADER, value: 1 } };
export const progress = (stage: string, step = 0, stepCount = 0): ScriptStep => ({
  say: { type: 'progress', stage, step, stepCount },
});

/** A script whose runs are these, all with the output `pred`. */
export function scriptOf(...runs: readonly (readonly ScriptStep[])[]): Omit<Script, 'countFolder'> {
  return { description: DESCRIPTION, runs: runs.length > 0 ? runs : [[OUTPUT]] };
}

export async function openTestRuns(
  t: ExecutionContext,
  scripts: Readonly<Record<string, Omit<Script, 'countFolder'>>>,
  options: { runs?: Partial<RunsOptions>; catalog?: Partial<WorkflowCatalogOptions>; quotaBytes?: number } = {},
): Promise<TestRuns> {
  const { store, folder } = await openStore(t, { quotaBytes: options.quotaBytes ?? 2 ** 30 });
  const found = await openCatalog(t, scripts, options.catalog);
  const runs = openRuns({ catalog: found.catalog, store, maxQueuedRuns: 100, log: found.log, ...options.runs });
  t.teardown(() => runs.close());
  const image = await upload(store, new Uint8Array(24).fill(7), { header: SMALL_HEADER });
  const watch = (run: Run) => runs.watchRun(run.name, 0, new AbortController().signal);
  return {
    ...found,
    runs,
    store,
    image,
    create: (workflow, request = {}) =>
      runs.createRun({ workflow, inputs: { image: image.name }, parameters: {}, requestId: '', ...request }),
    async events(run) {
      const events: RunEvent[] = [];
      for await (const event of watch(run)) events.push(event);
      return events;
    },
    async event(run, kind) {
      for await (const event of watch(run)) if (event.kind === kind) return event as never;
      throw new Error(`run ${run.name} ended without ${kind}`);
    },
    scratchFiles: () => readdir(join(folder, 'scratch')),
  };
}
