// Checks a run's volumes against what the workflow takes, before any voxel is read.
import { InvalidArgument } from '../errors.js';
import type { VolumeHeader } from '../imaging/volume-header.js';
import type { WorkflowInput } from '../workflows/workflow.js';

/** Where a volume's channels are, and its spatial axes. */
export interface InputLayout {
  readonly channels: number;
  /** 'components': side by side in each voxel. 'frames': one volume after the other, on the last axis. */
  readonly channelsFrom: 'components' | 'frames';
  readonly sizes: readonly number[];
}

/** @throws InvalidArgument naming `inputs.<name>`, what came and what was expected. */
export function checkInputs(
  inputs: Readonly<Record<string, { readonly header: VolumeHeader }>>,
  expected: readonly WorkflowInput[],
): void {
  for (const name of Object.keys(inputs)) {
    if (!expected.some((input) => input.name === name)) {
      throw new InvalidArgument(`inputs.${name}`, name, `one of ${expected.map((input) => input.name).join(', ')}`);
    }
  }
  for (const input of expected) {
    const given = inputs[input.name];
    if (given) inputLayout(given.header, input);
    else if (input.required) throw new InvalidArgument(`inputs.${input.name}`, undefined, 'a volume');
  }
}

/**
 * Reads a header as an input's: its channels are its components or the frames on the axis behind the spatial ones.
 * Trailing axes of one voxel are dropped.
 * @throws InvalidArgument
 */
export function inputLayout(header: VolumeHeader, input: WorkflowInput): InputLayout {
  const { spatialAxes, channels } = input;
  const sizes = header.sizes.slice(0, spatialAxes);
  const frames = header.sizes[spatialAxes] ?? 1;
  const shape = `${header.sizes.join(' × ')} voxels of ${count(header.components, 'component')}`;
  const expected = `${count(spatialAxes, 'spatial axis', 'spatial axes')} and ${count(channels, 'channel')}`;
  const fail = (): never => {
    throw new InvalidArgument(
      `inputs.${input.name}`,
      shape,
      `${expected}, as components or as frames on axis ${spatialAxes + 1}`,
    );
  };
  if (sizes.length < spatialAxes || header.sizes.slice(spatialAxes + 1).some((size) => size !== 1)) return fail();
  const components = Math.max(header.components, 1);
  if (frames > 1 && components > 1) return fail();
  if (Math.max(frames, components) !== channels) return fail();
  return { channels, channelsFrom: frames > 1 ? 'frames' : 'components', sizes };
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
