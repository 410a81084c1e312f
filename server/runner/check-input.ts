// Checks a run's volumes against what the workflow takes, before any voxel is read.
import { InvalidArgument } from '../errors.js';
import type { VolumeHeader } from '../imaging/volume-header.js';
import type { WorkflowInput } from '../workflows/workflow.js';

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
    if (given) checkInput(given.header, input);
    else if (input.required) throw new InvalidArgument(`inputs.${input.name}`, undefined, 'a volume');
  }
}

/** A volume's channels are its components, or the frames on the axis behind the spatial ones; more axes have one voxel. */
function checkInput(header: VolumeHeader, { name, spatialAxes, channels }: WorkflowInput): void {
  const components = Math.max(header.components, 1);
  const frames = header.sizes[spatialAxes] ?? 1;
  const fits =
    header.sizes.length >= spatialAxes &&
    header.sizes.slice(spatialAxes + 1).every((size) => size === 1) &&
    components * frames === channels &&
    (components === 1 || frames === 1);
  if (fits) return;
  throw new InvalidArgument(
    `inputs.${name}`,
    `${header.sizes.join(' × ')} voxels of ${count(components, 'component')}`,
    `${count(spatialAxes, 'spatial axis', 'spatial axes')} and ${count(channels, 'channel')} (components, or frames on axis ${spatialAxes + 1})`,
  );
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
