// CropForeground: to the box of what is foreground, with a margin.
import { ArgumentReader, DICTIONARY_ARGUMENTS, LAZY, padMode } from './arguments.js';
import type { Operator } from './operator.js';

export const cropForeground: Operator = {
  name: 'CropForeground',
  arguments: [
    { name: 'select_fn', defaultValue: null },
    { name: 'channel_indices', defaultValue: null },
    { name: 'margin', defaultValue: 0 },
    { name: 'allow_smaller', defaultValue: false },
    { name: 'return_coords', defaultValue: false },
    { name: 'k_divisible', defaultValue: 1 },
    { name: 'mode', defaultValue: 'constant' },
    LAZY,
    { name: 'value', defaultValue: 0 },
    { name: 'source_key', defaultValue: null, dictionaryOnly: true },
    { name: 'start_coord_key', defaultValue: 'foreground_start_coord', ignored: true, dictionaryOnly: true },
    { name: 'end_coord_key', defaultValue: 'foreground_end_coord', ignored: true, dictionaryOnly: true },
    ...DICTIONARY_ARGUMENTS,
  ],
  plan(args, place) {
    const read = new ArgumentReader(args, place);

    read.notLazy();
    read.mustBeUnset('return_coords', 'return_coords is not supported');
    return {
      above: foregroundThreshold(read),
      channel_indices: read.integersOrNull('channel_indices'),
      margin: read.integers('margin'),
      allow_smaller: read.boolean('allow_smaller'),
      k_divisible: read.integers('k_divisible'),
      mode: padMode(read, 'mode'),
      value: read.number('value'),
      source_key: read.stringOrNull('source_key'),
    };
  },
  apply() {
    throw new Error('not here yet');
  },
};

/** Foreground is what is greater: MONAI's `is_positive`, or a lambda of that form. */
function foregroundThreshold(read: ArgumentReader): number {
  const select = read.value('select_fn');
  if (select === null || (typeof select === 'string' && /(^|\.)is_positive$/.test(select))) return 0;
  const lambda = typeof select === 'string' ? /^\$?\s*lambda (\w+)\s*:\s*\1\s*>\s*(-?[\d.]+)\s*$/.exec(select) : null;
  return lambda ? Number(lambda[2]) : read.unsupported('select_fn', 'a function other than "lambda x: x > number"');
}
