// A MONAI bundle as plain data: its files read and parsed, nothing resolved yet.
import type { VoxhostError } from '../errors.js';

/** What a configuration file holds: JSON's values, with numbers as Python's `json` takes them (NaN, Infinity). */
export type ConfigValue = null | boolean | number | string | readonly ConfigValue[] | ConfigObject;

/** A dictionary of a configuration file. Look keys up with `Object.hasOwn`: they come from outside. */
export interface ConfigObject {
  readonly [key: string]: ConfigValue;
}

/** One parsed file. `file` is its path below the bundle with `/` between folders, for messages. */
export interface ConfigFile {
  readonly file: string;
  readonly content: ConfigObject;
}

/** A bundle's folder, read. Every path in it lies below the folder, links resolved. */
export interface Bundle {
  /** Absolute path. */
  readonly folder: string;
  readonly metadata: ConfigFile;
  readonly inference: ConfigFile;
  /** Files that `%file::id` macros name, by the name as written; an error for one that cannot be read. */
  readonly macroFiles: ReadonlyMap<string, ConfigFile | VoxhostError>;
  /** Absolute path of `models/model.onnx` or `models/model.ts`, a regular file that is not empty; empty when there is none. */
  readonly modelFile: string;
  /** The text of the licence file, the beginning of it; empty when there is none. */
  readonly license: string;
  /** The text of docs/README.md, the beginning of it; empty when there is none. */
  readonly readme: string;
}

/** Whether a value is a dictionary. */
export function isConfigObject(value: unknown): value is ConfigObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
