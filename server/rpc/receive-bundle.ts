// A bundle's zip from the wire to a file: `start`, data, `finish` with size and SHA-256.
import { createHash } from 'node:crypto';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DeployWorkflowRequest__Output } from '../../proto/generated/voxhost/v1/DeployWorkflowRequest.js';
import { InvalidArgument, LimitExceeded, VoxhostError } from '../errors.js';
import { checkWorkflowName } from '../workflows/workflow-name.js';
import { bytesFromWire, sha256FromWire } from './volumes-wire.js';

export interface BundleLimits {
  /** An existing folder of this room alone. */
  readonly folder: string;
  readonly maxBundleBytes: number;
}

/**
 * Receives a zip and hands it to `use`; the file is gone afterwards, whatever happened.
 * @throws InvalidArgument; LimitExceeded; VoxhostError RESOURCE_EXHAUSTED when the disk is full; what `use` throws
 */
export async function receiveBundle<T>(
  requests: AsyncIterable<DeployWorkflowRequest__Output>,
  limits: BundleLimits,
  use: (name: string, zipFile: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(limits.folder, 'bundle-'));
  try {
    const zipFile = join(folder, 'bundle.zip');
    const name = await writeZip(requests, zipFile, limits);
    return await use(name, zipFile);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Writes the zip and returns the workflow's name. Only `finish` completes it. */
async function writeZip(
  requests: AsyncIterable<DeployWorkflowRequest__Output>,
  zipFile: string,
  { maxBundleBytes }: BundleLimits,
): Promise<string> {
  const hash = createHash('sha256');
  const file = await open(zipFile, 'wx');
  let name: string | undefined;
  let sizeBytes = 0;
  try {
    for await (const { start, data, finish } of requests) {
      if (name === undefined) {
        if (!start) throw unexpected(data ? 'data' : finish ? 'finish' : 'empty', 'start first');
        checkWorkflowName('start.name', start.name);
        name = start.name;
      } else if (data) {
        sizeBytes += data.length;
        if (sizeBytes > maxBundleBytes) throw new LimitExceeded('bundle', 'bytes', sizeBytes, maxBundleBytes);
        hash.update(data);
        await file.writeFile(data).catch(explainWrite);
      } else if (finish) {
        checkFinish(finish, sizeBytes, hash.digest('hex'));
        return name;
      } else {
        throw unexpected(start ? 'start' : 'empty', 'data or finish');
      }
    }
  } finally {
    await file.close();
  }
  throw unexpected('the end of the stream', name === undefined ? 'start' : 'finish');
}

function checkFinish(sent: { sizeBytes: number; sha256: string }, sizeBytes: number, sha256: string): void {
  const remedy = 'The upload was cut or changed on its way: send it again.';
  if (bytesFromWire(sent.sizeBytes, 'finish.size_bytes') !== sizeBytes) {
    throw new InvalidArgument('finish.size_bytes', sent.sizeBytes, `${sizeBytes}, the bytes that arrived`, { remedy });
  }
  if (sha256FromWire(sent.sha256, 'finish.sha256') !== sha256) {
    throw new InvalidArgument('finish.sha256', sent.sha256, `${sha256}, that of what arrived`, { remedy });
  }
}

function unexpected(got: string, expected: string): InvalidArgument {
  return new InvalidArgument('message', got, expected, { reason: 'UNEXPECTED_MESSAGE' });
}

function explainWrite(error: NodeJS.ErrnoException): never {
  if (error.code !== 'ENOSPC' && error.code !== 'EDQUOT') throw error;
  throw new VoxhostError(
    {
      code: 'RESOURCE_EXHAUSTED',
      reason: 'DISK_FULL',
      message: 'The disk of the data folder is full. Make room on it, or start the host with --data on another.',
      metadata: {},
    },
    { cause: error },
  );
}
