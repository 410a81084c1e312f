// Images of tests, and clients that end with their test.
import type { ExecutionContext } from 'ava';
import { type ConnectOptions, connect, type Host, type Image } from '../../../clients/typescript/index.js';
import { noise } from '../../rpc/rooms/volumes.js';

/** An image of `mib` MiB that does not compress. */
export function noiseImage(mib: number): Image {
  return imageOf(noise(mib * 2 ** 20), [1024, 1024, mib]);
}

/** An image of 16-bit ramps, which packs to next to nothing. */
export function rampImage(mib: number): Image {
  const ramp = Int16Array.from({ length: mib * 2 ** 19 }, (_, index) => index & 0x3fff);
  const image = imageOf(new Uint8Array(ramp.buffer), [1024, 512, mib]);
  return { ...image, header: { ...image.header, componentType: 'int16' } };
}

function imageOf(voxels: Uint8Array, sizes: readonly number[]): Image {
  const indexToWorldLps = [-0.5, 0, 0.125, 90.25, 0, -0.75, 0, 126, 0, 0.25, 2, -72];
  return { header: { sizes, componentType: 'uint8', components: 1, indexToWorldLps, modality: 'MR' }, voxels };
}

/** Tests share few cores: what answers late must not look like what never answers. */
export const PATIENT = { timeoutMs: 60_000 };

/** Connects; the connection is closed with the test. */
export async function openClient(t: ExecutionContext, address: string, options: ConnectOptions = {}): Promise<Host> {
  const host = await connect(address, { ...PATIENT, ...options });
  t.teardown(() => host.close());
  return host;
}
