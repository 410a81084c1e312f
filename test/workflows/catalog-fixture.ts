// A real catalog over folders of its own, with scripted processes, and ways to wait for what becomes of its workflows.
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import type { Log } from '../../server/log.js';
import type { RunnerPool } from '../../server/runners/runner-pool.js';
import type { WorkflowCatalog } from '../../server/workflows/catalog.js';
import { openWorkflowCatalog, type WorkflowCatalogOptions } from '../../server/workflows/open-workflow-catalog.js';
import type { Workflow } from '../../server/workflows/workflow.js';
import type { Script } from '../fixtures/script.js';
import { createFolder, type LogLine, recordLog, SCRIPTED_RUNNER, writeScript } from '../fixtures/scripted-bundle.js';

export type Catalog = WorkflowCatalog & RunnerPool;
type Scripts = Readonly<Record<string, Omit<Script, 'countFolder'>>>;

export interface TestCatalog {
  readonly catalog: Catalog;
  /** The workflows folder. */
  readonly folder: string;
  readonly stagingFolder: string;
  readonly log: Log;
  readonly lines: readonly LogLine[];
  /** Resolves with the workflow when it is so, now or later. */
  when(name: string, isSo: (workflow: Workflow) => boolean): Promise<Workflow>;
  whenGone(name: string): Promise<void>;
  /** Writes a bundle elsewhere and moves it into the folder in one step. */
  put(name: string, script?: Omit<Script, 'countFolder'>): Promise<void>;
  /** Of the processes that were started for a workflow, in order. */
  pids(name: string): number[];
}

export const isReady = (workflow: Workflow): boolean => workflow.state === 'ready';
export const hasVersion = (version: string) => (workflow: Workflow) =>
  workflow.state === 'ready' && workflow.description?.version === version;

/** A catalog that closes when the test ends; `scripts` are the bundles that are there when it is opened. */
export async function openCatalog(
  t: ExecutionContext,
  scripts: Scripts = {},
  options: Partial<WorkflowCatalogOptions> = {},
): Promise<TestCatalog> {
  const root = await createFolder(t);
  const { folder = join(root, 'workflows'), stagingFolder = join(root, 'staging') } = options;
  for (const [name, script] of Object.entries(scripts)) await writeScript(join(folder, name), script);
  const { log, lines } = recordLog();
  const catalog = await openWorkflowCatalog({
    folder,
    stagingFolder,
    device: 'cpu',
    threads: 1,
    modelMemoryBytes: 1e9,
    maxUnpackedBundleBytes: 1e8,
    cancelGraceMs: 1,
    module: SCRIPTED_RUNNER,
    settleMs: 10,
    rescanMs: 1e6,
    backoffMs: () => 0,
    log,
    ...options,
  });
  t.teardown(() => catalog.close());

  const look = <T>(isSo: () => T | undefined): Promise<T> =>
    new Promise((resolve) => {
      const check = (): void => {
        const found = isSo();
        if (found === undefined) return;
        unsubscribe();
        resolve(found);
      };
      const unsubscribe = catalog.subscribe(check);
      check();
    });
  const find = (name: string) => catalog.list().find((workflow) => workflow.name === name);

  let puts = 0;
  return {
    catalog,
    folder,
    stagingFolder,
    log,
    lines,
    when: (name, isSo) =>
      look(() => {
        const workflow = find(name);
        return workflow && isSo(workflow) ? workflow : undefined;
      }),
    whenGone: (name) => look(() => (find(name) ? undefined : null)).then(() => {}),
    async put(name, script = {}) {
      const beside = join(root, `put-${puts++}`);
      await writeScript(beside, script);
      await rename(beside, join(folder, name));
    },
    pids: (name) =>
      lines
        .filter((line) => line.message === 'runner started' && line.fields['workflow'] === name)
        .map((line) => line.fields['pid'] as number),
  };
}
