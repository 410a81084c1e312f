// What the program takes for granted of a value, and what is said when it is a tensor whose numbers nobody knows yet.
import { TorchScriptError } from '../error.js';
import { isTensor, typeName, type Value } from '../values.js';

/** A condition's answer. @throws TorchScriptError unsupported when it is a tensor */
export function truth(value: Value): boolean {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return value !== 0n;
  if (typeof value === 'number') return value !== 0;
  if (isTensor(value)) {
    throw new TorchScriptError(
      'unsupported',
      '',
      'the network branches on the numbers of a tensor, which differ from image to image.',
    );
  }
  throw new TorchScriptError('damaged', '', `a ${typeName(value)} is taken for true or false.`);
}

/** What a loop goes over. */
export function iterate(value: Value): Iterable<Value> {
  if (typeof value === 'string') return value;
  if (typeof value === 'object' && value !== null) {
    if (value.kind === 'list' || value.kind === 'tuple') return value.items;
    if (value.kind === 'dict') return value.entries.keys();
  }
  throw new TorchScriptError('unsupported', '', `a loop over a ${typeName(value)}.`);
}
