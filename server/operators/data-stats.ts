// DataStats: prints in MONAI; here it does nothing.
import { DICTIONARY_ARGUMENTS } from './arguments.js';
import type { Operator } from './operator.js';

export const dataStats: Operator = {
  name: 'DataStats',
  arguments: [
    { name: 'prefix', defaultValue: 'Data', ignored: true },
    { name: 'data_type', defaultValue: true, ignored: true },
    { name: 'data_shape', defaultValue: true, ignored: true },
    { name: 'value_range', defaultValue: true, ignored: true },
    { name: 'data_value', defaultValue: false, ignored: true },
    { name: 'meta_info', defaultValue: false, ignored: true },
    { name: 'additional_info', defaultValue: null, ignored: true },
    { name: 'name', defaultValue: 'DataStats', ignored: true },
    ...DICTIONARY_ARGUMENTS,
  ],
  plan() {
    return {};
  },

  apply(image) {
    return image;
  },
};
