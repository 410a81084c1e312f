// The deployed workflows, as the other rooms see them. `openWorkflowCatalog` (open-workflow-catalog.ts) gives the one
// that watches a folder and keeps a runner for each bundle.
import type { DeviceAttempt } from '../runners/messages.js';
import type { Workflow } from './workflow.js';

/** An execution provider on this host. */
export interface HostDevice extends DeviceAttempt {
  /** Runs that hold it now: 0 or 1. */
  readonly busy: number;
}

export interface WorkflowCatalog {
  /** All workflows, by name. */
  list(): readonly Workflow[];
  /** @throws NotFound, listing those there are. */
  get(name: string): Workflow;
  /** Calls back with every change of a workflow (`undefined` when it was undeployed); returns how to stop. */
  subscribe(listener: (name: string, workflow: Workflow | undefined) => void): () => void;
  /**
   * Unpacks and deploys a zip under a name, and resolves when it is warm. The old version stays if it cannot run.
   * @throws InvalidArgument; InvalidBundle; Unsupported; LimitExceeded
   */
  deployZip(name: string, zipFile: string): Promise<Workflow>;
  /** Takes a workflow away, its folder included. @throws NotFound */
  undeploy(name: string): Promise<void>;
  /** What became of each execution provider, over all workflows. */
  devices(): readonly HostDevice[];
  close(): Promise<void>;
}
