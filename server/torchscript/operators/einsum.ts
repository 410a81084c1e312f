// Einsum's equation: completed as torch completes it, with the shape of the answer.
import { broadcastShapes } from '../graph/moves.js';
import type { Arguments } from './arguments.js';

export interface EinsumPlan {
  /** With an arrow, without blanks. */
  readonly equation: string;
  readonly shape: readonly number[];
}

/** @throws OperatorError when the equation does not fit the shapes. */
export function planEinsum(args: Arguments, text: string, shapes: readonly (readonly number[])[]): EinsumPlan {
  const [left = '', right] = text.replaceAll(' ', '').split('->');
  const terms = left.split(',');
  if (terms.length !== shapes.length)
    throw args.error(`Equation ${text} has ${terms.length} terms for ${shapes.length} tensors.`);
  const sizes = new Map<string, number>();
  const rest: number[][] = [];
  terms.forEach((term, at) => {
    const shape = shapes[at]!;
    const [head = '', tail] = term.split('...');
    const hidden = tail === undefined ? 0 : shape.length - head.length - tail.length;
    if (head.length + (tail?.length ?? 0) + hidden !== shape.length || hidden < 0) {
      throw args.error(`Term ${term} of ${text} does not fit a tensor of shape [${shape}].`);
    }
    for (const [index, letter] of [...head].entries()) setSize(letter, shape[index]!);
    for (const [index, letter] of [...(tail ?? '')].entries()) setSize(letter, shape[head.length + hidden + index]!);
    if (hidden > 0) rest.push(shape.slice(head.length, head.length + hidden));
  });
  function setSize(letter: string, size: number): void {
    const known = sizes.get(letter) ?? 1;
    if (known !== 1 && size !== 1 && known !== size)
      throw args.error(`${letter} of ${text} is both ${known} and ${size}.`);
    sizes.set(letter, Math.max(known, size));
  }
  const spread = rest.length > 0 ? broadcastShapes(...rest) : [];
  if (!spread) throw args.error(`The axes behind the dots of ${text} do not fit each other.`);
  const answer = right ?? implicit(left, rest.length > 0);
  const shape = [...answer.replace('...', '.')].flatMap((letter) => (letter === '.' ? spread : [sizes.get(letter)!]));
  return { equation: `${left}->${answer}`, shape };
}

/** Without an arrow: letters that stand once, in their order. */
function implicit(left: string, hasDots: boolean): string {
  const letters = [...left].filter((letter) => /[a-zA-Z]/.test(letter));
  const single = letters.filter((letter) => letters.indexOf(letter) === letters.lastIndexOf(letter)).sort();
  return `${hasDots ? '...' : ''}${single.join('')}`;
}
