// Which file is which input, and where each result goes. Pure but for looking at what exists.
import { statSync } from 'node:fs';
import { basename, join, resolve, sep } from 'node:path';
import { InvalidArgument } from '../../server/errors.js';
import { IMAGE_FILE_ENDINGS } from '../../server/imaging/formats/image-file.js';
import type { ParameterValue, Workflow } from '../typescript/index.js';

/** `NAME=VALUE` split. @throws InvalidArgument */
export function splitPair(option: string, text: string): [string, string] {
  const at = text.indexOf('=');
  if (at < 1 || at === text.length - 1) throw new InvalidArgument(option, text, 'NAME=VALUE');
  return [text.slice(0, at), text.slice(at + 1)];
}

/**
 * Files by input name: those named by `--input`, then the others in the order of the workflow's inputs.
 * @throws InvalidArgument when a name is unknown or twice, a required input is missing, or there are too many files.
 */
export function assignInputs(
  workflow: Pick<Workflow, 'name' | 'inputs'>,
  files: readonly string[],
  named: readonly string[],
): Record<string, string> {
  const names = workflow.inputs.map((input) => input.name);
  const assigned: Record<string, string> = {};
  for (const [name, file] of named.map((text) => splitPair('--input', text))) {
    if (!names.includes(name)) throw new InvalidArgument('--input', name, `one of the inputs: ${names.join(', ')}`);
    if (name in assigned) throw new InvalidArgument('--input', name, 'each input once');
    assigned[name] = file;
  }
  const rest = names.filter((name) => !(name in assigned));
  if (files.length > rest.length) {
    throw new InvalidArgument(
      'FILE',
      `${files.length} files`,
      `at most ${rest.length}: ${workflow.name} takes ${names.join(', ')}`,
    );
  }
  for (const [index, file] of files.entries()) assigned[rest[index]!] = file;
  const missing = workflow.inputs.find((input) => input.required && !(input.name in assigned));
  if (missing) throw new InvalidArgument('FILE', undefined, `a file for input ${missing.name} of ${workflow.name}`);
  return assigned;
}

/** `--param` values by the types that the workflow declares. @throws InvalidArgument */
export function parseParameters(
  workflow: Pick<Workflow, 'name' | 'parameters'>,
  texts: readonly string[],
): Record<string, ParameterValue> {
  return Object.fromEntries(
    texts.map((text) => {
      const [name, value] = splitPair('--param', text);
      const parameter = workflow.parameters.find((one) => one.name === name);
      if (!parameter) {
        const known = workflow.parameters.map((one) => one.name).join(', ');
        throw new InvalidArgument(
          '--param',
          name,
          known ? `one of ${known}` : `nothing: ${workflow.name} has no parameters`,
        );
      }
      return [name, parseValue(name, parameter.type, value)];
    }),
  );
}

function parseValue(name: string, type: string, text: string): ParameterValue {
  if (type === 'string') return text;
  if (type === 'boolean') {
    if (!/^(true|false)$/i.test(text)) throw new InvalidArgument(`--param ${name}`, text, 'true or false');
    return text.toLowerCase() === 'true';
  }
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isFinite(value) || (type === 'integer' && !Number.isInteger(value))) {
    throw new InvalidArgument(`--param ${name}`, text, type === 'integer' ? 'a whole number' : 'a number');
  }
  return value;
}

/**
 * A file for each result: `-o` itself when it names a file and there is one result, else `<stem>_<output>.nii.gz` in
 * the folder that `-o` names, or in the current one.
 * @throws InvalidArgument when a result would overwrite an input, or the name's ending says no format.
 */
export function planResultFiles(
  outputs: readonly { readonly name: string }[],
  inputFiles: readonly string[],
  out: string | undefined,
): Record<string, string> {
  const isFolder = out !== undefined && (/[\\/]$/.test(out) || isExistingFolder(out));
  if (out !== undefined && !isFolder) {
    if (!IMAGE_FILE_ENDINGS.some((ending) => out.toLowerCase().endsWith(ending))) {
      throw new InvalidArgument('-o', out, `a folder, or a name ending in ${IMAGE_FILE_ENDINGS.join(', ')}`);
    }
    if (outputs.length > 1) throw new InvalidArgument('-o', out, `a folder: there are ${outputs.length} results`);
  }
  const files = outputs.map(({ name }): [string, string] => [
    name,
    out !== undefined && !isFolder ? out : join(out ?? '.', `${fileStem(inputFiles[0] ?? 'result')}_${name}.nii.gz`),
  ]);
  for (const [, file] of files) refuseInput(file, inputFiles);
  return Object.fromEntries(files);
}

/** A file's name without folder and image ending: `head.nii.gz` is `head`. */
export function fileStem(file: string): string {
  const name = basename(file);
  const ending = IMAGE_FILE_ENDINGS.find((one) => name.toLowerCase().endsWith(one));
  return ending ? name.slice(0, -ending.length) : name;
}

function refuseInput(file: string, inputFiles: readonly string[]): void {
  for (const input of inputFiles) {
    if (sameFile(file, input)) {
      throw new InvalidArgument('-o', file, 'another file than the input', { remedy: 'It would be overwritten.' });
    }
  }
}

function sameFile(a: string, b: string): boolean {
  const fold = (path: string) => (sep === '\\' ? resolve(path).toLowerCase() : resolve(path));
  if (fold(a) === fold(b)) return true;
  const [one, other] = [a, b].map((path) => statSync(path, { throwIfNoEntry: false }));
  return one !== undefined && other !== undefined && one.ino !== 0 && one.ino === other.ino && one.dev === other.dev;
}

function isExistingFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
