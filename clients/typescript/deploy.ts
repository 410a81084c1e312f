// Deploys a bundle: a zip as it is, a folder zipped on the way.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { DeployWorkflowRequest } from '../../proto/generated/voxhost/v1/DeployWorkflowRequest.js';
import type { Workflow__Output } from '../../proto/generated/voxhost/v1/Workflow.js';
import { findWorkflowFile, isTorchScriptFile, withModelFolder } from '../../server/conversion/torchscript-file.js';
import { InvalidArgument } from '../../server/errors.js';
import type { Channel } from './channel.js';
import { callClientStreaming, type Send } from './client-streaming.js';
import { workflowFromWire } from './from-wire.js';
import type { CallOptions, Workflow } from './types.js';
import { zipFolder } from './zip.js';

const PIECE_BYTES = 512 * 1024;

/** How a deployment goes. */
export interface DeployOptions extends CallOptions {
  readonly onProgress?: ((progress: { readonly doneBytes: number }) => void) | undefined;
}

/**
 * Deploys a bundle under a name; resolves when it is loaded and warm.
 * @throws InvalidArgument when `bundle` is neither a folder nor a zip, nor a network of torch.jit.save with a workflow.yaml beside it; VoxhostError for the host's refusals.
 */
export async function deployWorkflow(
  channel: Channel,
  name: string,
  bundle: string,
  options: DeployOptions = {},
): Promise<Workflow> {
  return await withBundle(bundle, name, async (bytes) => {
    const workflow = await callClientStreaming<DeployWorkflowRequest, Workflow__Output>(
      channel,
      (callback) => channel.workflows.deployWorkflow(channel.metadata, callback),
      (send) => sendBundle(send, name, bytes, options),
      options.signal,
    );
    return workflowFromWire(workflow);
  });
}

/** Calls `use` with the bytes of the zip to send: the bundle's own, its folder's, or that of a model and its workflow. */
async function withBundle<T>(
  bundle: string,
  name: string,
  use: (bytes: AsyncIterable<Buffer>) => Promise<T>,
): Promise<T> {
  const found = await stat(bundle).catch(() => undefined);
  if (!found?.isFile() || !(await isTorchScriptFile(bundle))) return await use(await openBundle(bundle, name));
  const workflowFile = await findWorkflowFile(bundle);
  if (workflowFile !== undefined) {
    return await withModelFolder(bundle, workflowFile, (folder) => use(zipFolder(folder, name)));
  }
  const expected = 'a network with a workflow.yaml beside it';
  throw new InvalidArgument('bundle', bundle, expected, {
    remedy: `"voxhost check ${bundle}" writes one to begin with.`,
  });
}

async function openBundle(bundle: string, name: string): Promise<AsyncIterable<Buffer>> {
  const found = await stat(bundle).catch(() => undefined);
  if (found?.isDirectory()) return zipFolder(bundle, name);
  if (found?.isFile() && bundle.toLowerCase().endsWith('.zip'))
    return createReadStream(bundle, { highWaterMark: PIECE_BYTES });
  throw new InvalidArgument(
    'bundle',
    bundle,
    'a folder as MONAI lays it out, its .zip, or a network of torch.jit.save with a workflow.yaml beside it',
  );
}

async function sendBundle(
  send: Send<DeployWorkflowRequest>,
  name: string,
  bytes: AsyncIterable<Buffer>,
  options: DeployOptions,
): Promise<void> {
  const hash = createHash('sha256');
  let doneBytes = 0;
  await send({ start: { name } });
  for await (const whole of bytes) {
    for (let start = 0; start < whole.length; start += PIECE_BYTES) {
      const data = whole.subarray(start, start + PIECE_BYTES);
      hash.update(data);
      doneBytes += data.length;
      await send({ data });
      options.onProgress?.({ doneBytes });
    }
  }
  await send({ finish: { sizeBytes: doneBytes, sha256: hash.digest('hex') } });
}
