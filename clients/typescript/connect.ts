// Connects to a host: checks that it speaks this protocol, and gives the object that everything is asked of.
import { PROTOCOL_VERSION } from '../../proto/protocol.js';
import { FailedPrecondition } from '../../server/errors.js';
import { callUnary, callUnaryAgain } from './calls.js';
import { type Channel, type ConnectOptions, openChannel } from './channel.js';
import { type DeployOptions, deployWorkflow } from './deploy.js';
import { type DownloadOptions, downloadVolume } from './download.js';
import { hostInfoFromWire, volumeFromWire, workflowFromWire } from './from-wire.js';
import { type Prediction, type PredictOptions, predict } from './predict.js';
import { cancelRun, createRun, type RunOptions, runWorkflow, watchRun } from './runs.js';
import { runFromWire } from './runs-from-wire.js';
import type { CallOptions, HostInfo, Image, Run, RunEvent, RunInput, Volume, Workflow } from './types.js';
import { type UploadOptions, uploadVolume } from './upload.js';

const CONNECT_TIMEOUT_MS = 5_000;
const PAGE_SIZE = 100;

/** Health of a host or of one workflow, as grpc.health.v1 has it. */
export type Health = 'serving' | 'not-serving' | 'unknown';

/**
 * A host. Every method rejects with a VoxhostError whose `code`, `reason` and `metadata` are the host's own; every
 * `signal` stops the call, and what the call started on the host. What only asks (info, workflows, runs, volume and their
 * kin) is asked again when the connection was lost; what deletes, deploys or undeploys is not.
 */
export interface Host {
  readonly address: string;
  info(options?: CallOptions): Promise<HostInfo>;
  /** All deployed workflows, by name. */
  workflows(options?: CallOptions): Promise<Workflow[]>;
  workflow(name: string, options?: CallOptions): Promise<Workflow>;
  /** Sends inputs that the host lacks, runs, waits. Results: `download(run.outputs[0].volume)`. */
  run(workflow: string, inputs: Readonly<Record<string, RunInput>>, options?: RunOptions): Promise<Run>;
  /** The first half of `run`: resolves when the run is in the queue. */
  createRun(workflow: string, inputs: Readonly<Record<string, RunInput>>, options?: RunOptions): Promise<Run>;
  /** Events of a run to the last. Leaving the loop leaves the run alone. */
  watchRun(name: string, options?: CallOptions & { afterSequence?: number }): AsyncIterable<RunEvent>;
  /** One call for everything, results included; the run ends when the call does. */
  predict(workflow: string, inputs: Readonly<Record<string, RunInput>>, options?: PredictOptions): Promise<Prediction>;
  getRun(name: string, options?: CallOptions): Promise<Run>;
  /** Runs, the newest first, `limit` at most (100). */
  runs(options?: CallOptions & { limit?: number }): Promise<Run[]>;
  cancel(run: string, options?: CallOptions): Promise<Run>;
  deleteRun(run: string, options?: CallOptions): Promise<void>;
  upload(image: Image, options?: UploadOptions): Promise<Volume>;
  download(volume: string | Pick<Volume, 'name'>, options?: DownloadOptions): Promise<Image>;
  volume(name: string, options?: CallOptions): Promise<Volume>;
  deleteVolume(name: string, options?: CallOptions): Promise<void>;
  /** `bundle`: a folder or a .zip on this machine. */
  deploy(name: string, bundle: string, options?: DeployOptions): Promise<Workflow>;
  undeploy(name: string, options?: CallOptions): Promise<void>;
  /** Of a workflow, or of the host. Needs no token. */
  health(workflow?: string, options?: CallOptions): Promise<Health>;
  /** Ends the connection; calls under way fail. */
  close(): void;
}

/**
 * Connects to `host:port` or `unix:/path`.
 * @throws VoxhostError UNAVAILABLE when nothing answers, UNAUTHENTICATED when the token is not right,
 *   FAILED_PRECONDITION when host and client speak no common revision; InvalidArgument for an option.
 */
export async function connect(address: string, options: ConnectOptions = {}): Promise<Host> {
  const channel = openChannel(address, options);
  try {
    // Once: who connects wants to hear now that nobody answers.
    const { signal, timeoutMs = CONNECT_TIMEOUT_MS } = options;
    const info = hostInfoFromWire(await callUnary(channel, channel.host, 'getHostInfo', {}, { signal, timeoutMs }));
    checkProtocol(address, info);
    return createHost(channel, info);
  } catch (error) {
    channel.close();
    throw error;
  }
}

/** @throws FailedPrecondition in a sentence that says which of the two must be updated. */
export function checkProtocol(address: string, info: HostInfo, ours: number = PROTOCOL_VERSION): void {
  const { protocolVersionMin: min, protocolVersionMax: max, version } = info;
  if (ours >= min && ours <= max) return;
  const range = min === max ? `revision ${min}` : `revisions ${min} to ${max}`;
  const older = ours < min ? 'this client' : 'the host';
  throw new FailedPrecondition(
    'PROTOCOL_MISMATCH',
    `The host at ${address} (version ${version}) speaks ${range} of the protocol, this client revision ${ours}. Update ${older}.`,
    { address, host_version: version, min: String(min), max: String(max), client: String(ours) },
  );
}

function createHost(channel: Channel, known: HostInfo): Host {
  return {
    address: channel.address,
    info: async (options) => hostInfoFromWire(await callUnaryAgain(channel, channel.host, 'getHostInfo', {}, options)),
    workflows: (options) => listWorkflows(channel, options),
    workflow: async (name, options) =>
      workflowFromWire(await callUnaryAgain(channel, channel.workflows, 'getWorkflow', { name }, options)),
    run: (workflow, inputs, options) => runWorkflow(channel, known, workflow, inputs, options),
    createRun: (workflow, inputs, options) => createRun(channel, known, workflow, inputs, options),
    watchRun: (name, options) => watchRun(channel, name, options),
    predict: (workflow, inputs, options) => predict(channel, known, workflow, inputs, options),
    getRun: async (name, options) =>
      runFromWire(await callUnaryAgain(channel, channel.runs, 'getRun', { name }, options)),
    runs: (options) => listRuns(channel, options),
    cancel: (name, options) => cancelRun(channel, name, options),
    deleteRun: async (name, options) => {
      await callUnary(channel, channel.runs, 'deleteRun', { name }, options);
    },
    upload: (image, options) => uploadVolume(channel, known, image, options),
    download: (volume, options) =>
      downloadVolume(channel, known, typeof volume === 'string' ? volume : volume.name, options),
    volume: async (name, options) =>
      volumeFromWire(await callUnaryAgain(channel, channel.volumes, 'getVolume', { name }, options)),
    deleteVolume: async (name, options) => {
      await callUnary(channel, channel.volumes, 'deleteVolume', { name }, options);
    },
    deploy: (name, bundle, options) => deployWorkflow(channel, name, bundle, options),
    undeploy: async (name, options) => {
      await callUnary(channel, channel.workflows, 'undeployWorkflow', { name }, options);
    },
    health: async (workflow = '', options) => {
      const { status } = await callUnary(channel, channel.health, 'check', { service: workflow }, options);
      return status === 'SERVING' ? 'serving' : status === 'NOT_SERVING' ? 'not-serving' : 'unknown';
    },
    close: () => channel.close(),
  };
}

async function listWorkflows(channel: Channel, options?: CallOptions): Promise<Workflow[]> {
  const all: Workflow[] = [];
  let pageToken = '';
  do {
    const request = { pageSize: PAGE_SIZE, pageToken };
    const page = await callUnaryAgain(channel, channel.workflows, 'listWorkflows', request, options);
    all.push(...page.workflows.map(workflowFromWire));
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
  return all;
}

async function listRuns(channel: Channel, options: CallOptions & { limit?: number } = {}): Promise<Run[]> {
  const limit = options.limit ?? PAGE_SIZE;
  const all: Run[] = [];
  let pageToken = '';
  do {
    const request = { pageSize: Math.min(PAGE_SIZE, limit - all.length), pageToken };
    const page = await callUnaryAgain(channel, channel.runs, 'listRuns', request, options);
    all.push(...page.runs.map(runFromWire));
    pageToken = page.nextPageToken;
  } while (pageToken !== '' && all.length < limit);
  return all.slice(0, limit);
}
