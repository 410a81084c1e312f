// Ids of MONAI's configurations: `a::b::0`, the older `a#b`, relative ones, references and macros.
import { InvalidBundle } from '../../errors.js';
import type { Place } from '../plan.js';

/** As MONAI finds a reference: the whole string must be one. */
const WHOLE_REFERENCE = /^@[\p{L}\p{N}_]*(?:::[\p{L}\p{N}_]*)*$/u;
/** `@::`, `@::::`, `%::`: the prefix of a relative id. */
const RELATIVE_PREFIX = /[@%]::+/g;

/** The newer form of an id or of a string with ids in it: `#` becomes `::`, wherever it stands. */
export function normalizeId(text: string): string {
  return text.replaceAll('#', '::');
}

/** The parts of an id. The root's id is empty and has none. */
export function splitId(id: string): readonly string[] {
  return id === '' ? [] : normalizeId(id).split('::');
}

/** The id in `@a::b` when the whole string is a reference. */
export function referenceOf(text: string): string | undefined {
  return WHOLE_REFERENCE.test(text) ? text.slice(1) : undefined;
}

/** Whether a text has an id that is relative to where it stands. */
export function hasRelativeIds(text: string): boolean {
  return normalizeId(text).search(RELATIVE_PREFIX) >= 0;
}

/**
 * Makes the ids in `text` absolute: `@::a` is beside the item that it stands in, `@::::a` one level up.
 * @param id the id of the item that the text is.
 * @throws InvalidBundle when an id leads above the root.
 */
export function resolveRelativeIds(text: string, id: string, place: Place): string {
  const normal = normalizeId(text);
  const prefixes = [...new Set(normal.match(RELATIVE_PREFIX) ?? [])].sort().reverse();
  const parts = id.split('::');
  let resolved = normal;
  for (const prefix of prefixes) {
    const levels = Math.floor((prefix.length - 1) / 2);
    if (levels > parts.length) {
      throw new InvalidBundle(place, `the relative id ${prefix} leads above the whole configuration.`);
    }
    const parent = parts.slice(0, parts.length - levels).join('::');
    resolved = resolved.replaceAll(prefix, `${prefix[0]}${parent === '' ? '' : `${parent}::`}`);
  }
  return resolved;
}

/** The file and the id that a macro names: `%file.json::a` or `%a`. Both may be empty. */
export function splitMacro(text: string): { file: string; id: string } {
  const source = normalizeId(text.slice(1));
  // MONAI's own pattern is greedy: the last `.json` or `.yaml` that ends the string or stands before `::`.
  const file = /^.*\.(?:json|yaml|yml)(?=::|$)/is.exec(source)?.[0] ?? '';
  if (file === '') return { file, id: source };
  const rest = source.slice(file.length);
  return { file, id: rest.startsWith('::') ? rest.slice(2) : '' };
}
