// The workflow room with a test as its author: workflows are what the test sets.
import { NotFound } from '../../../server/errors.js';
import type { WorkflowCatalog } from '../../../server/workflows/catalog.js';
import type { Workflow, WorkflowDescription } from '../../../server/workflows/workflow.js';

export interface ScriptedCatalog extends WorkflowCatalog {
  /** Adds or changes a workflow, as a bundle in the folder would; undefined takes it away. */
  set(name: string, change: Partial<Workflow> | undefined): void;
  /** What `deployZip` does; by default it deploys a ready workflow without looking at the zip. */
  onDeploy: (name: string, zipFile: string) => Promise<Workflow>;
}

/** A description with one image in and one label map out. */
export const SEGMENTATION: WorkflowDescription = {
  version: '0.1.0',
  title: 'Brain extraction',
  description: 'Finds the brain.',
  authors: 'A. Author',
  copyright: 'A. Author',
  license: 'Apache-2.0',
  task: 'segmentation',
  modality: 'MR',
  intendedUse: 'Research',
  references: ['Author et al. 2024'],
  inputs: [
    { name: 'image', kind: 'image', modality: 'MR', channels: 1, channelNames: ['T1'], required: true, spatialAxes: 3 },
    { name: 'prior', kind: 'image', modality: '', channels: 1, channelNames: [], required: false, spatialAxes: 3 },
  ],
  outputs: [
    {
      name: 'pred',
      kind: 'label-map',
      segments: [
        {
          value: 1,
          name: 'brain',
          color: { red: 250, green: 250, blue: 225 },
          terminology: { type: { scheme: 'SCT', value: '12738006', meaning: 'Brain' } },
        },
      ],
    },
  ],
  parameters: [
    {
      name: 'overlap',
      type: 'number',
      defaultValue: 0.25,
      minimum: 0,
      maximum: 0.95,
      choices: [],
      description: 'Overlap of windows.',
    },
  ],
};

export function createScriptedCatalog(): ScriptedCatalog {
  const workflows = new Map<string, Workflow>();
  const listeners = new Set<(name: string, workflow: Workflow | undefined) => void>();
  const find = (name: string): Workflow => {
    const workflow = workflows.get(name);
    if (!workflow) throw new NotFound('workflow', name, `There are ${[...workflows.keys()].join(', ')}.`);
    return workflow;
  };
  const catalog: ScriptedCatalog = {
    list: () => [...workflows.values()],
    get: find,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    deployZip: (name, zipFile) => catalog.onDeploy(name, zipFile),
    async undeploy(name) {
      find(name);
      catalog.set(name, undefined);
    },
    devices: () => [
      { device: 'cuda', available: false, reason: 'libcuda.so.1: cannot open shared object file', busy: 0 },
      { device: 'cpu', available: true, reason: '', busy: 1 },
    ],
    async close() {},
    set(name, change) {
      if (change) workflows.set(name, { ...(workflows.get(name) ?? newWorkflow(name)), ...change });
      else workflows.delete(name);
      for (const listener of listeners) listener(name, workflows.get(name));
    },
    async onDeploy(name) {
      catalog.set(name, {});
      return find(name);
    },
  };
  return catalog;
}

function newWorkflow(name: string): Workflow {
  return {
    name,
    state: 'ready',
    description: SEGMENTATION,
    failure: '',
    reloadFailure: '',
    device: 'cpu',
    typicalDurationMs: 1500,
    resident: true,
    deployTimeMs: 1_700_000_000_123,
  };
}
