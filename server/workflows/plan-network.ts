// What the bundle's metadata says of the network: the channels and axes of what goes in and comes out.
import { InvalidBundle } from '../errors.js';
import { type ConfigFile, type ConfigObject, type ConfigValue, isConfigObject } from './bundle.js';
import type { Config } from './config/config.js';
import { Problems } from './problems.js';

/** The network's two ends. */
export interface NetworkFormat {
  readonly inChannels: number;
  readonly outChannels: number;
  /** 2 or 3. */
  readonly spatialAxes: number;
  /** What metadata.json says of each end; empty when it says nothing. */
  readonly input: ConfigObject;
  readonly output: ConfigObject;
}

const MAX_CHANNELS = 4_096;

/**
 * Reads the format of `inputKey` and `outputKey`, or of the only input and output that there are. Channels that
 * metadata.json does not count are taken from `network_def`, or are as many as `channel_def` names.
 * @throws InvalidBundle when nothing says how many channels there are
 */
export function planNetwork(metadata: ConfigFile, config: Config, inputKey: string, outputKey: string): NetworkFormat {
  const format = objectAt(metadata.content, 'network_data_format');
  const input = tensorFormat(objectAt(format, 'inputs'), inputKey);
  const output = tensorFormat(objectAt(format, 'outputs'), outputKey);
  const shape = input['spatial_shape'];
  const axes = Array.isArray(shape) ? shape.length : networkNumber(config, 'spatial_dims');
  return {
    inChannels: channels(input, 'inputs', inputKey, networkNumber(config, 'in_channels'), metadata.file),
    outChannels: channels(output, 'outputs', outputKey, networkNumber(config, 'out_channels'), metadata.file),
    spatialAxes: axes === 2 ? 2 : 3,
    input,
    output,
  };
}

function channels(format: ConfigObject, end: string, key: string, ofNetwork: number | undefined, file: string): number {
  const given = wholeNumber(format['num_channels']);
  const named = Object.keys(objectAt(format, 'channel_def')).length;
  const count = given ?? ofNetwork ?? (named > 0 ? named : undefined);
  if (count !== undefined && count >= 1 && count <= MAX_CHANNELS) return count;
  throw new InvalidBundle(
    { file, key: `network_data_format::${end}::${key}::num_channels` },
    count === undefined ? 'missing. Write how many channels it has.' : `is ${count}, expected 1 to ${MAX_CHANNELS}.`,
  );
}

/** A number of `network_def`, when it says so and that can be read; nothing depends on it otherwise. */
function networkNumber(config: Config, name: string): number | undefined {
  const id = `network_def::${name}`;
  const value = config.has(id) ? new Problems().attempt(() => config.get(id)) : undefined;
  return typeof value === 'number' ? wholeNumber(value) : undefined;
}

function tensorFormat(ends: ConfigObject, key: string): ConfigObject {
  const own = objectAt(ends, key);
  if (Object.keys(own).length > 0) return own;
  const all = Object.values(ends);
  return all.length === 1 && isConfigObject(all[0]) ? all[0] : {};
}

/** A whole number, also one in quotes. */
function wholeNumber(value: ConfigValue | undefined): number | undefined {
  const number = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) ? number : undefined;
}

/** The dictionary under a key; empty when there is none. */
export function objectAt(parent: ConfigObject, key: string): ConfigObject {
  const value = Object.hasOwn(parent, key) ? parent[key] : undefined;
  return isConfigObject(value) ? value : {};
}
