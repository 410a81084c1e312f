// Reads the functions of voxels that a bundle writes as Python: `lambda x: torch.where(x[[0]] > 0, 1, 0)`. Checked when
// the bundle is deployed, and evaluated by lambda-evaluate.ts; no Python is run.
import { Unsupported } from '../errors.js';
import { parseExpression } from '../expressions/parse-expression.js';
import type { BinaryOperator, Expression } from '../expressions/tree.js';
import type { Place } from '../workflows/plan.js';

/** What a lambda computes, one voxel after the other. `axis` says whether the channel axis is there. */
export type VoxelFunction =
  | { readonly kind: 'input' }
  | { readonly kind: 'number'; readonly value: number }
  /** Some channels of the operand, by their place. */
  | { readonly kind: 'channels'; readonly of: VoxelFunction; readonly pick: ChannelPick }
  | { readonly kind: 'apply'; readonly name: VoxelOperation; readonly operands: readonly VoxelFunction[] }
  /** Over the channels: their softmax; as one channel the place of the greatest, their mean, their sum. */
  | { readonly kind: ChannelFunction; readonly of: VoxelFunction }
  /** One number of all voxels. */
  | { readonly kind: 'reduce'; readonly how: Reduction; readonly of: VoxelFunction };

export type ChannelFunction = 'softmax' | 'argmax' | 'channelMean' | 'channelSum';

/** `std` is that of a sample, as torch has it. */
export type Reduction = 'min' | 'max' | 'mean' | 'std' | 'sum';

/** Channels of an image of any number of them. A single one without a list (`x[0]`) drops the axis, as in torch. */
export type ChannelPick =
  | { readonly places: readonly number[]; readonly drops: boolean }
  | { readonly start: number | null; readonly stop: number | null; readonly step: number };

export type VoxelOperation =
  | '+'
  | '-'
  | '*'
  | '/'
  | '<'
  | '<='
  | '>'
  | '>='
  | '=='
  | '!='
  | 'and'
  | 'or'
  | 'not'
  | 'negative'
  | 'where'
  | 'nan_to_num'
  | 'clamp'
  | 'atLeast'
  | 'atMost'
  | 'power'
  | 'truncate'
  | 'truth'
  | VoxelFunctionName;

/** Functions of one number by torch's names. */
export type VoxelFunctionName =
  | 'abs'
  | 'exp'
  | 'log'
  | 'sqrt'
  | 'tanh'
  | 'sigmoid'
  | 'relu'
  | 'round'
  | 'floor'
  | 'ceil'
  | 'sign';

/** Functions of torch's and numpy's by their names there, with their arguments' names and what is left out. */
const FUNCTIONS: Readonly<
  Record<string, { readonly operation: VoxelOperation; readonly names: readonly string[]; readonly least: number }>
> = {
  where: { operation: 'where', names: ['condition', 'input', 'other'], least: 3 },
  nan_to_num: { operation: 'nan_to_num', names: ['input', 'nan', 'posinf', 'neginf'], least: 1 },
  clamp: { operation: 'clamp', names: ['input', 'min', 'max'], least: 1 },
  clip: { operation: 'clamp', names: ['input', 'min', 'max'], least: 1 },
  pow: { operation: 'power', names: ['input', 'exponent'], least: 2 },
  maximum: { operation: 'atLeast', names: ['input', 'other'], least: 2 },
  minimum: { operation: 'atMost', names: ['input', 'other'], least: 2 },
  ...Object.fromEntries(
    (['abs', 'exp', 'log', 'sqrt', 'tanh', 'sigmoid', 'relu', 'round', 'floor', 'ceil', 'sign'] as const).map(
      (name) => [name, { operation: name, names: ['input'], least: 1 }],
    ),
  ),
  logical_and: { operation: 'and', names: ['input', 'other'], least: 2 },
  logical_or: { operation: 'or', names: ['input', 'other'], least: 2 },
  logical_not: { operation: 'not', names: ['input'], least: 1 },
};

const ARITHMETIC: Readonly<Partial<Record<BinaryOperator, VoxelOperation>>> = {
  '+': '+',
  '-': '-',
  '*': '*',
  '/': '/',
  '**': 'power',
  '&': 'and',
  '|': 'or',
};
const REDUCTIONS: readonly string[] = ['min', 'max', 'mean', 'std', 'sum'] satisfies Reduction[];

const OVER_CHANNELS: Readonly<Record<string, ChannelFunction>> = {
  softmax: 'softmax',
  argmax: 'argmax',
  mean: 'channelMean',
  sum: 'channelSum',
};

/** Methods that change the type, with what becomes of the numbers. `to` and `type` have it as their argument. */
const CASTS: Readonly<Record<string, 'same' | 'truncate' | 'truth'>> = {
  float: 'same',
  float32: 'same',
  contiguous: 'same',
  clone: 'same',
  detach: 'same',
  cpu: 'same',
  int: 'truncate',
  int32: 'truncate',
  long: 'truncate',
  int64: 'truncate',
  bool: 'truth',
};
/** Types that `to` may name beside those: their numbers, cut off, fit into float32. Large ones do not wrap. */
const SMALL_TYPES: ReadonlySet<string> = new Set(['uint8', 'int16', 'short', 'int8']);
const COMPARISONS: ReadonlySet<string> = new Set(['<', '<=', '>', '>=', '==', '!=']);

/** What `where`'s greatest and least finite float32 are, for `nan_to_num`. */
const MOST = 3.4028234663852886e38;

/** The place of a lambda that `plan` has read before: it is read again without an error. */
export const NOWHERE: Place = { file: '', key: '' };

/**
 * The function that a lambda of one argument stands for.
 * @throws Unsupported for what is left out, naming it and its column in the lambda; InvalidBundle for what is no Python
 */
export function readLambda(text: string, place: Place): VoxelFunction {
  const head = /^\s*\$?\s*lambda\s+([A-Za-z_]\w*)\s*:/.exec(text);
  if (!head) {
    throw new Unsupported('a function other than a lambda of one argument is not supported', place, REMEDY);
  }
  // The body keeps its columns.
  const body = parseExpression(' '.repeat(head[0].length) + text.slice(head[0].length), place, true);
  return new Reader(head[1]!, place).read(body);
}

/** Whether the result has the channel axis that every image has. A number alone has none. */
export function keepsChannelAxis(tree: VoxelFunction): boolean {
  switch (tree.kind) {
    case 'input':
      return true;
    case 'number':
    case 'reduce':
      return false;
    case 'softmax':
    case 'argmax':
    case 'channelMean':
    case 'channelSum':
      return true;
    case 'channels':
      return !('drops' in tree.pick && tree.pick.drops);
    case 'apply':
      return tree.operands.some(keepsChannelAxis);
  }
}

const REMEDY =
  'This host reads slices of channels, + - * / **, comparisons, & | ~, where, nan_to_num, clamp, abs, exp, log, sqrt, tanh, sigmoid, softmax, argmax and the like.';

class Reader {
  constructor(
    private readonly parameter: string,
    private readonly place: Place,
  ) {}

  read(tree: Expression): VoxelFunction {
    switch (tree.kind) {
      case 'literal':
        return { kind: 'number', value: this.number(tree) };
      case 'name':
        if (tree.name === this.parameter) return { kind: 'input' };
        return this.refuse(tree, `"${tree.name}"`);
      case 'unary':
        if (tree.operator === '+') return this.read(tree.operand);
        if (tree.operator === '-' && tree.operand.kind === 'literal') {
          return { kind: 'number', value: -this.number(tree.operand) };
        }
        if (tree.operator === '-') return this.apply('negative', [tree.operand]);
        if (tree.operator === '~') return this.apply('not', [tree.operand]);
        return this.refuse(tree, '"not" of voxels');
      case 'binary': {
        const operation = ARITHMETIC[tree.operator];
        if (!operation) return this.refuse(tree, `"${tree.operator}"`);
        return this.apply(operation, [tree.left, tree.right]);
      }
      case 'compare': {
        const [only, ...more] = tree.rest;
        if (!only || more.length > 0 || !COMPARISONS.has(only.operator)) return this.refuse(tree, 'this comparison');
        return this.apply(only.operator as VoxelOperation, [tree.first, only.operand]);
      }
      case 'index':
        return this.channels(tree.subject, this.indexed(tree.index));
      case 'slice':
        return this.channels(tree.subject, {
          start: tree.start ? this.integer(tree.start) : null,
          stop: tree.stop ? this.integer(tree.stop) : null,
          step: tree.step ? this.integer(tree.step, 1) : 1,
        });
      case 'call': {
        const method = tree.name.startsWith(`${this.parameter}.`) ? tree.name.slice(this.parameter.length + 1) : '';
        const subject = { kind: 'name', name: this.parameter, at: tree.at } as const;
        return method === '' ? this.call(tree) : this.method({ ...tree, kind: 'method', name: method, subject });
      }
      case 'method':
        return this.method(tree);
      default:
        return this.refuse(tree, tree.kind === 'logical' ? `"${tree.operator}" of voxels` : `a ${tree.kind}`);
    }
  }

  private apply(name: VoxelOperation, operands: readonly Expression[]): VoxelFunction {
    return { kind: 'apply', name, operands: operands.map((one) => this.read(one)) };
  }

  private channels(subject: Expression, pick: ChannelPick): VoxelFunction {
    const of = this.read(subject);
    if (!keepsChannelAxis(of)) this.refuse(subject, 'an index into something without channels');
    return { kind: 'channels', of, pick };
  }

  private indexed(index: Expression): ChannelPick {
    if (index.kind === 'list') return { places: index.items.map((item) => this.integer(item)), drops: false };
    return { places: [this.integer(index)], drops: true };
  }

  private call(tree: Expression & { kind: 'call' }): VoxelFunction {
    const name = /^(?:torch(?:\.nn\.functional)?|F|np|numpy)\.(\w+)$/.exec(tree.name)?.[1] ?? '';
    return this.named(name, tree, `calling "${tree.name}"`);
  }

  /** `x.clamp(0, 1)` is `torch.clamp(x, 0, 1)`; a change of type cuts off fractions, or does nothing. */
  private method(tree: Expression & { kind: 'method' }): VoxelFunction {
    const { name, subject, at } = tree;
    const typed = (name === 'to' || name === 'type') && tree.arguments.length === 1 && tree.keywords.length === 0;
    const [type] = tree.arguments;
    const asked = typed && type?.kind === 'name' ? /^torch\.(\w+)$/.exec(type.name)?.[1] : undefined;
    const cast = asked === undefined ? undefined : SMALL_TYPES.has(asked) ? 'truncate' : CASTS[asked];
    const bare = tree.arguments.length + tree.keywords.length === 0 && Object.hasOwn(CASTS, name);
    const change = bare ? CASTS[name] : cast;
    if (change !== undefined) return change === 'same' ? this.read(subject) : this.apply(change, [subject]);
    const call = { kind: 'call', name, arguments: [subject, ...tree.arguments], keywords: tree.keywords, at } as const;
    return this.named(name, call, `calling ".${name}"`);
  }

  private named(name: string, tree: Expression & { kind: 'call' }, what: string): VoxelFunction {
    const [first, ...rest] = tree.arguments;
    if (first && rest.length + tree.keywords.length === 0 && REDUCTIONS.includes(name)) {
      return { kind: 'reduce', how: name as Reduction, of: this.read(first) };
    }
    const overChannels = Object.hasOwn(OVER_CHANNELS, name) ? OVER_CHANNELS[name] : undefined;
    if (first && overChannels) return this.overChannels(overChannels, tree);
    const known = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
    if (!known) return this.refuse(tree, what);
    const given: (Expression | undefined)[] = [...tree.arguments];
    for (const [keyword, value] of tree.keywords) {
      const at = known.names.indexOf(keyword);
      if (at < 0 || given[at] !== undefined) this.refuse(value, `the argument ${keyword}=`);
      given[at] = value;
    }
    const missing = Array.from({ length: known.least }, (_, n) => given[n]).includes(undefined);
    if (missing || given.length > known.names.length) this.refuse(tree, `${tree.name} with these arguments`);
    if (known.operation === 'nan_to_num') {
      const [input, ...values] = given;
      const constants = [0, MOST, -MOST].map((missing, n) => {
        const value = values[n] ? this.read(values[n]) : undefined;
        if (value && value.kind !== 'number') this.refuse(values[n]!, 'anything but a number in nan_to_num');
        return value ?? ({ kind: 'number', value: missing } as const);
      });
      return { kind: 'apply', name: 'nan_to_num', operands: [this.read(input!), ...constants] };
    }
    if (known.operation === 'clamp') {
      const [input, least, most] = given;
      if (!least && !most) this.refuse(tree, `${tree.name} with these arguments`);
      if (!least || !most) return this.apply(least ? 'atLeast' : 'atMost', [input!, (least ?? most)!]);
    }
    return this.apply(known.operation, given as Expression[]);
  }

  /** `softmax(x, dim=0)`, `argmax(x, dim=0, keepdim=True)` and the like. */
  private overChannels(kind: ChannelFunction, tree: Expression & { kind: 'call' }): VoxelFunction {
    const keywords = new Map(tree.keywords);
    const [of, dim = keywords.get('dim'), keepdim = keywords.get('keepdim')] = tree.arguments;
    const kept = keepdim?.kind === 'literal' && keepdim.value === true;
    const known = [...keywords.keys()].every((one) => one === 'dim' || one === 'keepdim');
    const needsKept = kind !== 'softmax';
    if (!known || !dim || this.integer(dim) !== 0 || needsKept !== kept) {
      this.refuse(tree, `${tree.name} other than over the channels (dim=0${needsKept ? ', keepdim=True' : ''})`);
    }
    return { kind, of: this.read(of!) };
  }

  private number(tree: Expression & { kind: 'literal' }): number {
    if (typeof tree.value === 'boolean') return tree.value ? 1 : 0;
    return typeof tree.value === 'number' ? tree.value : this.refuse(tree, 'a value that is no number');
  }

  private integer(tree: Expression, least = Number.NEGATIVE_INFINITY): number {
    const read = this.read(tree);
    if (read.kind === 'number' && Number.isInteger(read.value) && read.value >= least) return read.value;
    return this.refuse(tree, 'an index that is no whole number');
  }

  private refuse(tree: Expression, what: string): never {
    throw new Unsupported(`${what} at column ${tree.at} of the lambda is not read here`, this.place, REMEDY);
  }
}
