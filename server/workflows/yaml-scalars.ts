// What a plain word of YAML means to PyYAML's SafeLoader (YAML 1.1, PyYAML's own narrower numbers), as tags for `yaml`.
import type { ScalarTag } from 'yaml';

const boolean: ScalarTag = {
  default: true,
  tag: 'tag:yaml.org,2002:bool',
  test: /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/,
  resolve: (text) => /^(?:yes|true|on)$/i.test(text),
};

const nothing: ScalarTag = {
  default: true,
  tag: 'tag:yaml.org,2002:null',
  test: /^(?:~|null|Null|NULL|)$/,
  resolve: () => null,
};

const integer: ScalarTag = {
  default: true,
  tag: 'tag:yaml.org,2002:int',
  test: /^(?:[-+]?0b[01_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/,
  resolve: (text) => parseInteger(text.replaceAll('_', '')),
};

/** PyYAML wants a point, and a sign in the exponent: `1e-3` stays a string, as it does in MONAI. */
const float: ScalarTag = {
  default: true,
  tag: 'tag:yaml.org,2002:float',
  test: /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/,
  resolve: (text) => parseFloatOfYaml(text.replaceAll('_', '').toLowerCase()),
};

/** The tags to add to the fail-safe schema. Dates, binary data and sets stay the text that they are written as. */
export const PYYAML_SCALARS: readonly ScalarTag[] = [boolean, nothing, integer, float];

function parseInteger(text: string): number {
  const sign = text.startsWith('-') ? -1 : 1;
  const digits = text.replace(/^[-+]/, '');
  if (digits.startsWith('0b')) return sign * Number.parseInt(digits.slice(2), 2);
  if (digits.startsWith('0x')) return sign * Number.parseInt(digits.slice(2), 16);
  if (digits.includes(':')) return sign * sexagesimal(digits);
  return sign * (digits.length > 1 && digits.startsWith('0') ? Number.parseInt(digits, 8) : Number(digits));
}

function parseFloatOfYaml(text: string): number {
  const sign = text.startsWith('-') ? -1 : 1;
  const digits = text.replace(/^[-+]/, '');
  if (digits === '.inf') return sign * Number.POSITIVE_INFINITY;
  if (digits === '.nan') return Number.NaN;
  return sign * (digits.includes(':') ? sexagesimal(digits) : Number(digits));
}

/** `1:30` is 90. */
function sexagesimal(text: string): number {
  return text.split(':').reduce((total, part) => total * 60 + Number(part), 0);
}
