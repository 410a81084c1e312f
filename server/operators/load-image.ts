// LoadImage: the edge where a volume enters. The runner has read it; what is left is the type that the bundle asks for.

import { castVoxels } from '../imaging/cast.js';
import type { Dtype } from './arguments.js';
import { ArgumentReader, DICTIONARY_ARGUMENTS, voxelDtype } from './arguments.js';
import type { Operator } from './operator.js';

/** Readers of MONAI whose voxel order and frame a volume on the wire has already. */
const READERS: readonly string[] = ['nibabelreader', 'itkreader', 'nrrdreader', 'pilreader', 'pydicomreader'];

/** What a workflow of three channels is sent is RGB already. */
const TO_RGB = /^\s*\$?\s*lambda\s+(\w+)\s*:\s*\1\.convert\(\s*(['"])RGB\2\s*\)\s*$/;

export const loadImage: Operator = {
  name: 'LoadImage',
  arguments: [
    { name: 'reader', defaultValue: null, perKey: true },
    { name: 'image_only', defaultValue: true, ignored: true },
    { name: 'dtype', defaultValue: 'float32' },
    { name: 'ensure_channel_first', defaultValue: false, ignored: true },
    { name: 'simple_keys', defaultValue: false, ignored: true },
    { name: 'prune_meta_pattern', defaultValue: null, ignored: true },
    { name: 'prune_meta_sep', defaultValue: '.', ignored: true },
    { name: 'expanduser', defaultValue: true, ignored: true },
    // For PILReader, by **kwargs.
    { name: 'converter', defaultValue: null },
    { name: 'meta_keys', defaultValue: null, ignored: true, dictionaryOnly: true },
    { name: 'meta_key_postfix', defaultValue: 'meta_dict', ignored: true, dictionaryOnly: true },
    { name: 'overwriting', defaultValue: false, ignored: true, dictionaryOnly: true },
    ...DICTIONARY_ARGUMENTS,
  ],
  plan(args, place) {
    const read = new ArgumentReader(args, place);

    const reader = read
      .stringOrNull('reader')
      ?.replace(/^\$?.*\./, '')
      .toLowerCase();
    if (reader !== undefined && !READERS.includes(reader)) {
      read.unsupported(
        'reader',
        `the reader ${reader} is not supported`,
        `This host stands in for ${READERS.join(', ')}.`,
      );
    }
    const converter = read.stringOrNull('converter');
    if (converter !== null && !TO_RGB.test(converter)) {
      read.unsupported('converter', 'a converter other than to RGB is not supported', "Write image.convert('RGB').");
    }
    return { dtype: voxelDtype(read, 'dtype') };
  },

  apply(image, { dtype }) {
    // Without a type MONAI keeps the file's own.
    return dtype === null ? { ...image, integers: true } : castVoxels(image, dtype as Dtype);
  },
};
