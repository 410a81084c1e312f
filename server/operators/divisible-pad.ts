// DivisiblePad: up to the next multiples of given sizes.
import { ArgumentReader, DICTIONARY_ARGUMENTS, LAZY, padMode } from './arguments.js';
import type { Operator } from './operator.js';

export const divisiblePad: Operator = {
  name: 'DivisiblePad',
  arguments: [
    { name: 'k' },
    { name: 'mode', defaultValue: 'constant', perKey: true },
    { name: 'method', defaultValue: 'symmetric' },
    LAZY,
    { name: 'value', defaultValue: 0 },
    ...DICTIONARY_ARGUMENTS,
  ],
  plan(args, place) {
    const read = new ArgumentReader(args, place);

    read.notLazy();
    return {
      k: read.integers('k'),
      mode: padMode(read, 'mode'),
      method: read.option('method', ['symmetric', 'end']),
      value: read.number('value'),
    };
  },
  apply() {
    throw new Error('not here yet');
  },
};
