// The name of a bundle's licence: its SPDX identifier where the text is a known one, its first words otherwise.

/** Texts that name themselves, by what they say. A file that names two is not taken for either. */
const KNOWN: readonly (readonly [RegExp, string])[] = [
  [/apache license,?\s+version 2\.0/i, 'Apache-2.0'],
  [/^\s*mit license/im, 'MIT'],
  [/bsd 3-clause|neither the name of .{0,80} nor the names of its\s+contributors/is, 'BSD-3-Clause'],
  [/bsd 2-clause/i, 'BSD-2-Clause'],
  [/gnu general public license\s+version 3/i, 'GPL-3.0'],
  [/mozilla public license,?\s+version 2\.0/i, 'MPL-2.0'],
  [/attribution-noncommercial-sharealike 4\.0|cc[- ]by-nc-sa[- ]4\.0/i, 'CC-BY-NC-SA-4.0'],
  [/attribution-noncommercial-noderivatives 4\.0|cc[- ]by-nc-nd[- ]4\.0/i, 'CC-BY-NC-ND-4.0'],
  [/attribution-noncommercial 4\.0|cc[- ]by-nc[- ]4\.0/i, 'CC-BY-NC-4.0'],
  [/attribution-sharealike 4\.0|cc[- ]by-sa[- ]4\.0/i, 'CC-BY-SA-4.0'],
  [/attribution 4\.0 international|cc[- ]by[- ]4\.0/i, 'CC-BY-4.0'],
];
const MAX_LENGTH = 120;

/** Empty for an empty text. */
export function describeLicense(text: string): string {
  const tagged = /SPDX-License-Identifier:\s*([\w.+-]+)/.exec(text)?.[1];
  if (tagged !== undefined) return tagged;
  const named = KNOWN.filter(([pattern]) => pattern.test(text)).map(([, name]) => name);
  if (named.length === 1 && named[0] !== undefined) return named[0];
  const line = text
    .split(/\r?\n/)
    .map((one) => one.replace(/^[\s#*=/-]+|[\s#*=/-]+$/g, ''))
    .find((one) => /\p{L}/u.test(one));
  return line === undefined ? '' : line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH - 1)}…` : line;
}
