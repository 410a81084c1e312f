// Lambda: a function of voxels that the bundle writes, from the part of Python in lambda-expression.ts.
import { ArgumentReader, DICTIONARY_ARGUMENTS, placeOfArgument } from './arguments.js';
import { evaluateLambda } from './lambda-evaluate.js';
import { keepsChannelAxis, NOWHERE, readLambda } from './lambda-expression.js';
import type { Operator } from './operator.js';

export const lambda: Operator = {
  name: 'Lambda',
  arguments: [
    { name: 'func', defaultValue: null, perKey: true },
    { name: 'inv_func', defaultValue: null, ignored: true },
    { name: 'track_meta', defaultValue: true, ignored: true },
    { name: 'overwrite', defaultValue: true, dictionaryOnly: true },
    ...DICTIONARY_ARGUMENTS,
  ],
  plan(args, place) {
    const read = new ArgumentReader(args, place);
    const overwrite = read.value('overwrite');
    if (overwrite !== null && overwrite !== true) {
      read.unsupported('overwrite', 'an answer under another key, or none', 'Use true.');
    }
    const func = read.string('func');
    const tree = readLambda(func, placeOfArgument(place, 'func'));
    if (!keepsChannelAxis(tree)) {
      read.unsupported('func', 'a function that drops the channel axis', 'Write x[[0]] where you wrote x[0].');
    }
    return { func };
  },

  apply(image, { func }) {
    return evaluateLambda(image, readLambda(func as string, NOWHERE));
  },
};
