// SaveClassification: the edge where the answer of a classification leaves, and its numbers as MONAI's CSV, or JSON.
import type { Image } from '../imaging/image.js';
import { cOrderVoxels } from '../imaging/voxel-layout.js';
import { ArgumentReader, DICTIONARY_ARGUMENTS } from './arguments.js';
import type { Operator } from './operator.js';

export const saveClassification: Operator = {
  name: 'SaveClassification',
  dictionaryOnly: true,
  arguments: [
    { name: 'meta_keys', defaultValue: null, ignored: true, dictionaryOnly: true },
    { name: 'meta_key_postfix', defaultValue: 'meta_dict', ignored: true, dictionaryOnly: true },
    { name: 'saver', defaultValue: null, ignored: true, dictionaryOnly: true },
    { name: 'output_dir', defaultValue: './', ignored: true, dictionaryOnly: true },
    { name: 'filename', defaultValue: 'predictions.csv', dictionaryOnly: true },
    { name: 'delimiter', defaultValue: ',', dictionaryOnly: true },
    { name: 'overwrite', defaultValue: true, ignored: true, dictionaryOnly: true },
    { name: 'flush', defaultValue: true, ignored: true, dictionaryOnly: true },
    ...DICTIONARY_ARGUMENTS,
  ],
  plan(args, place) {
    const read = new ArgumentReader(args, place);
    return { filename: read.string('filename'), delimiter: read.string('delimiter') };
  },

  apply(image) {
    return image;
  },
};

/** A line of MONAI's CSV: a name and its numbers, as Python writes float64. */
export function classificationToCsv(name: string, image: Image, delimiter: string): string {
  return `${[name, ...Array.from(cOrderVoxels(image), pythonFloat)].join(delimiter)}\n`;
}

/** The same as JSON: `{"NAME": [numbers]}`; numbers that JSON lacks are null. */
export function classificationToJson(name: string, image: Image): string {
  return JSON.stringify({ [name]: Array.from(cOrderVoxels(image)) });
}

/** A number as Python's `str` has it: `1.0`, `1e-05`, `nan`. */
export function pythonFloat(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (Object.is(value, -0)) return '-0.0';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) {
    const [digits, exponent] = value.toExponential().split('e') as [string, string];
    return `${digits}e${exponent[0]}${exponent.slice(1).padStart(2, '0')}`;
  }
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}
