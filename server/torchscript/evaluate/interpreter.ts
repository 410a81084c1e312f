// Runs the program on what is known: numbers, texts, lists and branches are computed, tensors are recorded.
import { TorchScriptError } from '../error.js';
import type {
  ClassDefinition,
  Expression,
  FunctionDefinition,
  Statement,
  Target,
  WithStatement,
} from '../source/ast.js';
import type { Code, Found } from '../source/code.js';
import type { DictKey, FunctionValue, ObjectValue, Value } from '../values.js';
import { isTensor, listOf, tupleOf, typeName } from '../values.js';
import { iterate, truth } from './assume.js';
import type { Budget } from './budget.js';
import { findBuiltin } from './builtins/catalog.js';
import { callNamed, type NamedCallContext, type Operators } from './call-named.js';
import { Frames } from './frame.js';
import { getItem, getSlice, setItem } from './items.js';
import { matchesType } from './types.js';

/** What a program is run with. */
export interface Machine {
  readonly code: Code;
  readonly budget: Budget;
  readonly operators: Operators;
  /** The items of constants.pkl: `CONSTANTS.c0` is the first. */
  readonly constants: readonly Value[];
}

/** Names that are looked up in the archive or among the operators, unless a local variable has them. */
const ROOTS: ReadonlySet<string> = new Set(['torch', 'ops', '__torch__', 'math', 'CONSTANTS']);

interface Dotted {
  readonly root: string;
  readonly name: string;
}

export class Interpreter {
  readonly #machine: Machine;
  readonly #frames: Frames;
  readonly #context: NamedCallContext;
  /** Dotted chains that begin at a root, by where they stand; undefined for the others. */
  readonly #dotted = new Map<Expression, Dotted | undefined>();
  /** Values of classes' constants, by class and name. */
  readonly #classConstants = new Map<string, Value>();

  constructor(machine: Machine) {
    this.#machine = machine;
    this.#frames = new Frames(machine.code);
    this.#context = { operators: machine.operators, budget: machine.budget, place: () => this.place() };
  }

  /** Where the evaluation is, or was when it failed. */
  place(): string {
    return this.#frames.place();
  }

  /** Calls a method of an object. @throws TorchScriptError; others' errors, whose place is `place()` */
  callMethod(object: ObjectValue, name: string, args: readonly Value[]): Value {
    const method = this.#attribute(object, name);
    return this.#call(method, args, new Map());
  }

  #runFunction(found: Found<FunctionDefinition>, args: readonly Value[], kwargs: ReadonlyMap<string, Value>): Value {
    const { budget } = this.#machine;
    const { record, definition } = found;
    const locals = new Map<string, Value>();
    if (args.length > definition.parameters.length) {
      throw this.#error(
        'damaged',
        `${definition.name} takes ${definition.parameters.length} arguments, not ${args.length}.`,
      );
    }
    budget.enter();
    const frame = { record, locals, at: definition.at };
    for (const [index, parameter] of definition.parameters.entries()) {
      let value = args[index] ?? kwargs.get(parameter.name);
      if (value === undefined && index < args.length) value = args[index];
      if (value === undefined && parameter.default === undefined) {
        throw this.#error('damaged', `${definition.name} is called without its argument ${parameter.name}.`);
      }
      if (value === undefined) {
        this.#frames.push(frame);
        value = this.#evaluate(parameter.default!);
        this.#frames.pop();
      }
      locals.set(parameter.name, value);
    }
    this.#frames.push(frame);
    const result = this.#runBlock(definition.body);
    this.#frames.pop();
    budget.leave();
    return result ?? null;
  }

  /** Runs statements; undefined when none of them returned. */
  #runBlock(statements: readonly Statement[]): Value | undefined {
    for (const statement of statements) {
      const result = this.#runStatement(statement);
      if (result !== undefined) return result;
    }
    return undefined;
  }

  #runStatement(statement: Statement): Value | undefined {
    this.#machine.budget.step();
    this.#at(statement.at);
    switch (statement.does) {
      case 'assign':
        this.#assign(statement.target, this.#evaluate(statement.value));
        return undefined;
      case 'unpack':
        this.#unpack(statement.targets, this.#evaluate(statement.value));
        return undefined;
      case 'evaluate':
        this.#evaluate(statement.value);
        return undefined;
      case 'return':
        return statement.value === undefined ? null : this.#evaluate(statement.value);
      case 'if': {
        const taken = this.#branch(statement.condition) ? statement.then : statement.otherwise;
        return this.#runBlock(taken);
      }
      case 'while':
        while (this.#branch(statement.condition)) {
          this.#machine.budget.step();
          const result = this.#runBlock(statement.body);
          if (result !== undefined) return result;
        }
        return undefined;
      case 'for':
        return this.#runFor(statement.target.name, statement.over, statement.body);
      case 'with':
        return this.#runWith(statement);
      case 'pass':
        return undefined;
    }
  }

  /** An error inside ends the evaluation: nobody needs the context's end then. */
  #runWith({ context, name, body }: WithStatement): Value | undefined {
    const value = this.#evaluate(context);
    if (!isObject(value)) throw this.#error('unsupported', `a "with" of a ${typeName(value)}.`);
    const entered = this.callMethod(value, '__enter__', []);
    if (name !== undefined) this.#locals.set(name, entered);
    const result = this.#runBlock(body);
    this.callMethod(value, '__exit__', [null, null, null]);
    return result;
  }

  /** A loop over a range counts without making a list of it. */
  #runFor(name: string, over: Expression, body: readonly Statement[]): Value | undefined {
    const locals = this.#locals;
    for (const item of this.#iterable(over)) {
      this.#machine.budget.step();
      locals.set(name, item);
      const result = this.#runBlock(body);
      if (result !== undefined) return result;
    }
    return undefined;
  }

  #iterable(over: Expression): Iterable<Value> {
    if (over.is !== 'call' || over.callee.is !== 'name' || over.callee.name !== 'range') {
      return iterate(this.#evaluate(over));
    }
    const bounds = over.args.map((argument) => this.#evaluate(argument));
    if (!bounds.every((bound) => typeof bound === 'bigint')) {
      throw this.#error('unsupported', `a loop over range(${bounds.map((bound) => typeName(bound)).join(', ')}).`);
    }
    const [start, stop, step] = bounds.length === 1 ? [0n, bounds[0]!, 1n] : [bounds[0]!, bounds[1]!, bounds[2] ?? 1n];
    if (step === 0n) throw this.#error('raised', 'range() with a step of zero.');
    return countFrom(start, stop, step);
  }

  #branch(condition: Expression): boolean {
    const value = this.#evaluate(condition);
    this.#at(condition.at);
    return truth(value);
  }

  #assign(target: Target, value: Value): void {
    switch (target.is) {
      case 'name':
        this.#locals.set(target.name, value);
        return;
      case 'attribute': {
        const object = this.#evaluate(target.object);
        if (!isObject(object)) throw this.#error('damaged', `${typeName(object)} has no attributes to set.`);
        object.attributes.set(target.name, value);
        return;
      }
      case 'subscript':
        setItem(this.#evaluate(target.object), this.#evaluate(target.index!), value, this.#machine.budget);
    }
  }

  #unpack(targets: readonly Target[], value: Value): void {
    if (typeof value !== 'object' || value === null || (value.kind !== 'tuple' && value.kind !== 'list')) {
      throw this.#error('damaged', `${typeName(value)} is taken apart into ${targets.length} values.`);
    }
    if (value.items.length !== targets.length) {
      throw this.#error('raised', `${value.items.length} values are taken apart into ${targets.length}.`);
    }
    targets.forEach((target, index) => {
      this.#assign(target, value.items[index]!);
    });
  }

  #evaluate(expression: Expression): Value {
    const { budget } = this.#machine;
    budget.step();
    switch (expression.is) {
      case 'constant':
        return expression.value;
      case 'name':
        return this.#name(expression.name);
      case 'list':
      case 'tuple': {
        budget.allocate(expression.items.length);
        const items = this.#evaluateAll(expression.items);
        return expression.is === 'list' ? listOf(items) : tupleOf(items);
      }
      case 'dict':
        return this.#dictionary(expression.entries);
      case 'negate': {
        const operand = this.#nested(expression.operand);
        return callNamed('torch.neg', [operand], new Map(), this.#context);
      }
      case 'attribute': {
        const dotted = this.#dottedName(expression);
        if (dotted !== undefined) return this.#global(dotted);
        return this.#attribute(this.#nested(expression.object), expression.name);
      }
      case 'subscript': {
        const object = this.#nested(expression.object);
        const { slice } = expression;
        if (slice === undefined) return getItem(object, this.#nested(expression.index!));
        const [start, stop] = [slice.start, slice.stop].map((bound) => (bound ? this.#nested(bound) : null));
        return getSlice(object, start!, stop!, null, budget);
      }
      case 'call': {
        budget.enter();
        const value = this.#evaluateCall(expression);
        budget.leave();
        return value;
      }
    }
  }

  #nested(expression: Expression): Value {
    const { budget } = this.#machine;
    budget.enter();
    const value = this.#evaluate(expression);
    budget.leave();
    return value;
  }

  #evaluateAll(expressions: readonly Expression[]): Value[] {
    return expressions.map((one) => this.#nested(one));
  }

  #dictionary(entries: readonly (readonly [Expression, Expression])[]): Value {
    this.#machine.budget.allocate(entries.length);
    const made = new Map<DictKey, Value>();
    for (const [key, value] of entries) {
      const found = this.#nested(key);
      if (found === null || typeof found === 'object') {
        throw this.#error('unsupported', `a key of a dictionary is a ${typeName(found)}.`);
      }
      made.set(found, this.#nested(value));
    }
    return { kind: 'dict', entries: made };
  }

  #evaluateCall(expression: Expression & { is: 'call' }): Value {
    const { callee, kwargs } = expression;
    if (callee.is === 'name' && !this.#locals.has(callee.name)) return this.#special(callee.name, expression);
    const dotted = this.#dottedName(callee);
    const target = dotted === undefined ? this.#callee(callee) : undefined;
    const args = this.#evaluateAll(expression.args);
    const named = new Map(kwargs.map(({ name, value }) => [name, this.#nested(value)]));
    this.#at(expression.at);
    if (dotted === undefined) return this.#call(target!, args, named);
    if (dotted.startsWith('__torch__.')) return this.#callArchive(dotted, args, named);
    return callNamed(dotted, args, named, this.#context);
  }

  #callee(callee: Expression): Value {
    if (callee.is !== 'attribute') return this.#nested(callee);
    const object = this.#nested(callee.object);
    if (isTensor(object)) return { kind: 'function', name: `torch.${callee.name}`, self: object };
    return this.#attribute(object, callee.name);
  }

  /** The functions that the printer writes without a dot. Types among their arguments are not values. */
  #special(name: string, { args, at }: Expression & { is: 'call' }): Value {
    const argument = (index: number): Value => {
      if (args[index] === undefined) throw this.#error('damaged', `${name} has too few arguments.`);
      return this.#nested(args[index]);
    };
    switch (name) {
      case 'annotate':
        return this.#annotate(args[0], argument(1));
      case 'unchecked_cast':
        return argument(1);
      case 'uninitialized':
        return null;
      case 'unchecked_unwrap_optional':
        return argument(0);
      case 'getattr': {
        const attribute = argument(1);
        if (typeof attribute !== 'string') throw this.#error('damaged', 'getattr without a name.');
        return this.#attribute(argument(0), attribute);
      }
      case 'isinstance':
        return matchesType(argument(0), args[1]);
    }
    const values = this.#evaluateAll(args);
    this.#at(at);
    if (findBuiltin(name) === undefined) throw this.#error('unsupported', `the function ${name} is not known.`);
    return callNamed(name, values, new Map(), this.#context);
  }

  /** `annotate(int, tensor)` is how the printer writes an implicit conversion. */
  #annotate(type: Expression | undefined, value: Value): Value {
    if (isTensor(value) && type?.is === 'name' && ['int', 'float', 'bool', 'number'].includes(type.name)) {
      const name = type.name === 'number' ? 'float' : type.name;
      return callNamed(name, [value], new Map(), this.#context);
    }
    return value;
  }

  #call(callee: Value, args: readonly Value[], kwargs: ReadonlyMap<string, Value>): Value {
    if (isObject(callee)) return this.#call(this.#attribute(callee, '__call__'), args, kwargs);
    if (!isFunction(callee)) throw this.#error('damaged', `a ${typeName(callee)} is called.`);
    const { self, name } = callee;
    if (self === undefined) return this.#callArchive(name, args, kwargs);
    if (isTensor(self)) return callNamed(name, [self, ...args], kwargs, this.#context);
    const method = isObject(self) ? this.#findMethod(self, name) : undefined;
    if (method === undefined) throw this.#error('damaged', `${typeName(self)} has no method ${name}.`);
    return this.#runFunction(method, [self, ...args], kwargs);
  }

  /** A function of the archive, or a class that is made an instance of. */
  #callArchive(name: string, args: readonly Value[], kwargs: ReadonlyMap<string, Value>): Value {
    const { code } = this.#machine;
    const found = code.findFunction(name);
    if (found !== undefined) return this.#runFunction(found, args, kwargs);
    if (name.endsWith('.__new__')) {
      const typeOf = name.slice(0, -'.__new__'.length);
      if (code.findClass(typeOf) !== undefined) return { kind: 'object', typeName: typeOf, attributes: new Map() };
    }
    const type = code.findClass(name);
    if (type === undefined) throw this.#error('unsupported', `${name} is not in the archive.`);
    if (type.definition.base === 'NamedTuple') return this.#namedTuple(name, type.definition, args, kwargs);
    const object: ObjectValue = { kind: 'object', typeName: name, attributes: new Map() };
    this.#call({ kind: 'function', name: '__init__', self: object }, args, kwargs);
    return object;
  }

  #namedTuple(name: string, type: ClassDefinition, args: readonly Value[], kwargs: ReadonlyMap<string, Value>): Value {
    const fieldNames = type.attributes.map((field) => field.name);
    const items = type.attributes.map((field, index) => {
      const value = args[index] === undefined ? kwargs.get(field.name) : args[index];
      if (value !== undefined) return value;
      if (field.default === undefined) throw this.#error('damaged', `${name} is made without its field ${field.name}.`);
      return this.#nested(field.default);
    });
    return { kind: 'tuple', items, typeName: name, fieldNames };
  }

  #name(name: string): Value {
    const value = this.#locals.get(name);
    if (value === undefined) throw this.#error('damaged', `${name} has no value here.`);
    return value;
  }

  /** The name of a dotted chain that begins at a root; undefined for the attributes of a value. */
  #dottedName(expression: Expression): string | undefined {
    if (expression.is !== 'attribute') return undefined;
    let found = this.#dotted.get(expression);
    if (found === undefined && !this.#dotted.has(expression)) {
      found = readDotted(expression);
      this.#dotted.set(expression, found);
    }
    return found === undefined || this.#locals.has(found.root) ? undefined : found.name;
  }

  /** What a dotted name stands for when it is not called. */
  #global(name: string): Value {
    if (name.startsWith('CONSTANTS.')) {
      const index = /^CONSTANTS\.c(\d{1,9})$/.exec(name)?.[1];
      const value = index === undefined ? undefined : this.#machine.constants[Number(index)];
      if (value === undefined) throw this.#error('damaged', `${name} is not in constants.pkl.`);
      return value;
    }
    if (name === 'torch.inf' || name === 'math.inf') return Number.POSITIVE_INFINITY;
    if (name === 'torch.nan' || name === 'math.nan') return Number.NaN;
    if (name === 'math.pi') return Math.PI;
    return this.#enumMember(name) ?? { kind: 'function', name };
  }

  /** `__torch__.Colour.RED`. */
  #enumMember(name: string): Value | undefined {
    const dot = name.lastIndexOf('.');
    const type = this.#machine.code.findClass(name.slice(0, dot));
    const field = name.slice(dot + 1);
    const member = type?.definition.attributes.find((one) => one.name === field);
    if (type?.definition.base !== 'Enum' || member?.default === undefined) return undefined;
    const attributes = new Map<string, Value>([
      ['name', field],
      ['value', this.#evaluate(member.default)],
    ]);
    return { kind: 'object', typeName: name.slice(0, dot), attributes };
  }

  #attribute(object: Value, name: string): Value {
    if (isObject(object)) {
      const own = object.attributes.get(name) ?? (object.attributes.has(name) ? null : undefined);
      if (own !== undefined) return own;
      const constant = this.#classConstant(object.typeName, name);
      if (constant !== undefined) return constant;
      if (this.#findMethod(object, name) !== undefined) return { kind: 'function', name, self: object };
      throw this.#error('damaged', `${object.typeName} has no attribute ${name}.`);
    }
    if (typeof object === 'object' && object?.kind === 'tuple' && object.fieldNames) {
      const value = object.items[object.fieldNames.indexOf(name)];
      if (value !== undefined) return value;
    }
    if (isTensor(object)) {
      if (name === 'data' || name === 'real') return object;
      return callNamed(`ops.prim.${name}`, [object], new Map(), this.#context);
    }
    if (isFunction(object) && object.self === undefined) return this.#global(`${object.name}.${name}`);
    throw this.#error('damaged', `${typeName(object)} has no attribute ${name}.`);
  }

  #classConstant(type: string, name: string): Value | undefined {
    const key = `${type}.${name}`;
    const known = this.#classConstants.get(key);
    if (known !== undefined) return known;
    const found = this.#machine.code.findClass(type);
    const expression = found?.definition.attributes.find((one) => one.name === name)?.default;
    if (found === undefined || expression === undefined) return undefined;
    const value = this.#nested(expression);
    this.#classConstants.set(key, value);
    return value;
  }

  #findMethod(object: ObjectValue, name: string): Found<FunctionDefinition> | undefined {
    const type = this.#machine.code.findClass(object.typeName);
    const definition = type?.definition.methods.get(name);
    return type && definition && { record: type.record, definition };
  }

  get #locals(): Map<string, Value> {
    return this.#frames.top?.locals ?? new Map();
  }

  #at(at: number): void {
    const { top } = this.#frames;
    if (top !== undefined) top.at = at;
  }

  #error(problem: 'damaged' | 'unsupported' | 'raised', what: string): TorchScriptError {
    return new TorchScriptError(problem, this.place(), what);
  }
}

function* countFrom(start: bigint, stop: bigint, step: bigint): Generator<bigint> {
  for (let item = start; step > 0n ? item < stop : item > stop; item += step) yield item;
}

function readDotted(expression: Expression): Dotted | undefined {
  const parts: string[] = [];
  let inner = expression;
  while (inner.is === 'attribute') {
    parts.push(inner.name);
    inner = inner.object;
  }
  if (inner.is !== 'name' || !ROOTS.has(inner.name)) return undefined;
  return { root: inner.name, name: [inner.name, ...parts.reverse()].join('.') };
}

function isObject(value: Value): value is ObjectValue {
  return typeof value === 'object' && value !== null && value.kind === 'object';
}

function isFunction(value: Value): value is FunctionValue {
  return typeof value === 'object' && value !== null && value.kind === 'function';
}
