// A process that opens one network and runs it once: for tests that need another environment, or that may crash.
import { toPlainError } from '../../server/errors.js';
import { type NetworkOptions, openNetwork } from '../../server/inference/open-network.js';
import type { DeviceAttempt } from '../../server/runners/messages.js';

export interface NetworkTask {
  readonly options: Omit<NetworkOptions, 'onAttempt'>;
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

export interface NetworkResult {
  readonly attempts: readonly DeviceAttempt[];
  readonly device?: string;
  readonly data?: Float32Array;
  readonly error?: { readonly reason: string; readonly message: string };
}

process.once('message', async ({ options, dims, data }: NetworkTask) => {
  const attempts: DeviceAttempt[] = [];
  const result = await openNetwork({ ...options, onAttempt: (attempt) => attempts.push(attempt) })
    .then(async (network): Promise<NetworkResult> => {
      const answer = await network.run({ dims, data });
      return { attempts, device: network.device, data: answer.data };
    })
    .catch((error): NetworkResult => ({ attempts, error: toPlainError(error) }));
  process.send!(result, () => process.exit());
});
