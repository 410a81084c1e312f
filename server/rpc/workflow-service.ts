// WorkflowService: what is deployed, and deployment by those who may.
import type { WorkflowServiceHandlers } from '../../proto/generated/voxhost/v1/WorkflowService.js';
import { VoxhostError } from '../errors.js';
import type { Workflow } from '../workflows/workflow.js';
import type { Calls } from './calls.js';
import { createPages } from './pages.js';
import { receiveBundle } from './receive-bundle.js';
import type { Rooms } from './rooms.js';
import { workflowToWire } from './workflows-wire.js';

/** @param folder an existing folder for zips on their way @param secret for page tokens */
export function createWorkflowService(
  calls: Calls,
  { catalog, config }: Rooms,
  { folder, secret }: { readonly folder: string; readonly secret: Uint8Array },
): WorkflowServiceHandlers {
  const pages = createPages<Workflow>(
    { name: 'workflows', remember: (workflow) => workflow.name, isAfter: (workflow, name) => workflow.name > name },
    secret,
  );
  const assertMayDeploy = (): void => {
    if (!config.allowDeploy) throw deployDisabled();
  };

  return {
    ListWorkflows: calls.unary((request) => {
      const byName = [...catalog.list()].sort((a, b) => (a.name < b.name ? -1 : 1));
      const { items, nextPageToken } = pages(byName, request);
      return { workflows: items.map(workflowToWire), nextPageToken };
    }),

    GetWorkflow: calls.unary(({ name }) => workflowToWire(catalog.get(name))),

    DeployWorkflow: calls.clientStreaming(async (requests) => {
      assertMayDeploy();
      const limits = { folder, maxBundleBytes: config.maxBundleBytes };
      return workflowToWire(await receiveBundle(requests, limits, (name, zip) => catalog.deployZip(name, zip)));
    }),

    UndeployWorkflow: calls.unary(async ({ name }) => {
      assertMayDeploy();
      await catalog.undeploy(name);
      return {};
    }),
  };
}

function deployDisabled(): VoxhostError {
  return new VoxhostError({
    code: 'PERMISSION_DENIED',
    reason: 'DEPLOY_DISABLED',
    message: 'This host was started without deployment over the wire. Put the bundle into its workflows folder.',
    metadata: {},
  });
}
