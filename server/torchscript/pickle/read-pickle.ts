// Reads a pickle as TorchScript writes it: a machine of some forty opcodes that makes data and calls nothing.
import { TorchScriptError } from '../error.js';
import { ByteReader } from './byte-reader.js';
import { findGlobal, type PickleGlobal } from './globals.js';
import { readOpcode } from './opcodes.js';
import type { Pickled, PickledObject, PickledTuple } from './pickled.js';
import { type LoadStorage, makeStorage, makeTensor, type StoredStorage } from './storages.js';

/** Counted, not timed. */
export interface PickleLimits {
  readonly maxOpcodes: number;
  readonly maxPickleBytes: number;
  /** Values on the stack and in the memo. */
  readonly maxValues: number;
}

/** What lies on the machine's stack: a value, or something only the machine itself knows. */
type Item = Pickled | GlobalItem | StorageItem | Mark;
interface GlobalItem {
  readonly kind: 'global';
  readonly name: string;
  readonly global: PickleGlobal;
}
interface StorageItem {
  readonly kind: 'storage';
  readonly storage: StoredStorage;
}
interface Mark {
  readonly kind: 'mark';
}

/** Fields of a named tuple, the most that anything is made from. */
const MAX_ARGS = 1_024;

const MARK: Mark = { kind: 'mark' };

/**
 * Reads the pickle of a record. `loadStorage` gives the bytes of a persistent id's record.
 * @throws TorchScriptError damaged, refused (an opcode or global that TorchScript does not use), limit
 */
export function readPickle(bytes: Uint8Array, record: string, loadStorage: LoadStorage, limits: PickleLimits): Pickled {
  if (bytes.length > limits.maxPickleBytes) {
    throw new TorchScriptError('limit', record, `the pickle is longer than ${limits.maxPickleBytes} bytes.`);
  }
  const reader = new ByteReader(bytes, record);
  const machine = new Machine(reader, record, loadStorage, limits);
  for (let count = 0; count < limits.maxOpcodes; count += 1) {
    const at = reader.at;
    const opcode = reader.uint8();
    if (opcode === 0x2e) return machine.end();
    machine.step(opcode, at);
  }
  throw new TorchScriptError('limit', record, `the pickle has more than ${limits.maxOpcodes} opcodes.`);
}

class Machine {
  readonly #reader: ByteReader;
  readonly #record: string;
  readonly #loadStorage: LoadStorage;
  readonly #limits: PickleLimits;
  readonly #stack: Item[] = [];
  readonly #memo = new Map<number, Item>();
  /** Tuples that hold what only the machine knows: a storage is described by one with a global in it. */
  readonly #raw = new WeakSet<PickledTuple>();
  #at = 0;

  constructor(reader: ByteReader, record: string, loadStorage: LoadStorage, limits: PickleLimits) {
    this.#reader = reader;
    this.#record = record;
    this.#loadStorage = loadStorage;
    this.#limits = limits;
  }

  step(opcode: number, at: number): void {
    this.#at = at;
    const read = readOpcode(opcode, this.#reader);
    if (read === undefined) {
      const code = `0x${opcode.toString(16).padStart(2, '0')}`;
      throw this.#error('refused', `the opcode ${code} is not one that TorchScript writes.`);
    }
    switch (read.does) {
      case 'push':
        this.#push(read.value);
        break;
      case 'make-list':
        this.#push({ kind: 'list', items: [] });
        break;
      case 'make-dict':
        this.#push({ kind: 'dict', entries: [] });
        break;
      case 'mark':
        this.#push(MARK);
        break;
      case 'tuple':
        this.#push(this.#tuple(read.size === undefined ? this.#toMark() : this.#popMany(read.size)));
        break;
      case 'append':
        this.#append([this.#pop()]);
        break;
      case 'appends':
        this.#append(this.#toMark());
        break;
      case 'set-item':
        this.#setItems(this.#popMany(2));
        break;
      case 'set-items':
        this.#setItems(this.#toMark());
        break;
      case 'put':
        this.#put(read.index ?? this.#memo.size);
        break;
      case 'get':
        this.#get(read.index);
        break;
      case 'pop':
        this.#pop();
        break;
      case 'global':
        this.#global(read.module, read.name);
        break;
      case 'stack-global': {
        const [module, name] = this.#popMany(2);
        this.#global(this.#text(module), this.#text(name));
        break;
      }
      case 'persistent':
        this.#persistent(this.#pop());
        break;
      case 'reduce': {
        const [callee, args] = this.#popMany(2);
        this.#push(this.#reduce(callee, args));
        break;
      }
      case 'new-object': {
        const [type, args] = this.#popMany(2);
        if (!isGlobal(type) || type.global.kind !== 'class') throw this.#error('damaged', 'an object has no class.');
        this.#push(this.#instance(type.global.typeName, this.#args(args)));
        break;
      }
      case 'build':
        this.#build(this.#pop());
        break;
      case 'nothing':
        break;
    }
  }

  end(): Pickled {
    const value = this.#value(this.#pop());
    if (this.#stack.length > 0) throw this.#error('damaged', `${this.#stack.length} values are left on the stack.`);
    return value;
  }

  #push(item: Item): void {
    if (this.#stack.length + this.#memo.size >= this.#limits.maxValues) {
      throw this.#error('limit', `the pickle holds more than ${this.#limits.maxValues} values.`);
    }
    this.#stack.push(item);
  }

  #pop(): Item {
    const item = this.#stack.pop();
    if (item === undefined) throw this.#error('damaged', 'a value is missing on the stack.');
    return item;
  }

  #popMany(count: number): Item[] {
    if (this.#stack.length < count) throw this.#error('damaged', 'a value is missing on the stack.');
    return this.#stack.splice(this.#stack.length - count, count);
  }

  /** What lies above the last mark; the mark goes too. */
  #toMark(): Item[] {
    const at = this.#stack.lastIndexOf(MARK);
    if (at < 0) throw this.#error('damaged', 'a mark is missing on the stack.');
    const items = this.#stack.splice(at);
    items.shift();
    return items;
  }

  #append(items: Item[]): void {
    const list = this.#stack.at(-1);
    if (!isOf(list, 'list')) throw this.#error('damaged', 'what is appended to is no list.');
    for (const item of items) list.items.push(this.#value(item));
  }

  #setItems(items: Item[]): void {
    const dict = this.#stack.at(-1);
    if (!isOf(dict, 'dict') || items.length % 2 !== 0) throw this.#error('damaged', 'what is filled is no dictionary.');
    for (let index = 0; index < items.length; index += 2) {
      dict.entries.push([this.#value(items[index]!), this.#value(items[index + 1]!)]);
    }
  }

  #put(index: number): void {
    const top = this.#stack.at(-1);
    if (top === undefined || top === MARK) throw this.#error('damaged', 'there is nothing to remember.');
    if (this.#stack.length + this.#memo.size >= this.#limits.maxValues) {
      throw this.#error('limit', `the pickle holds more than ${this.#limits.maxValues} values.`);
    }
    this.#memo.set(index, top);
  }

  #get(index: number): void {
    const item = this.#memo.get(index);
    if (item === undefined) throw this.#error('damaged', `nothing is remembered under ${index}.`);
    this.#push(item);
  }

  #global(module: string, name: string): void {
    const global = findGlobal(module, name);
    if (global === undefined) {
      const shown = `${module}.${name}`.slice(0, 120);
      throw this.#error('refused', `it asks for ${shown}, which no network needs. Nothing in a pickle is called.`);
    }
    this.#push({ kind: 'global', name: `${module}.${name}`, global });
  }

  #persistent(id: Item): void {
    const parts = isOf(id, 'tuple') ? this.#rawParts(id) : [];
    const [what, type, key, , count] = parts;
    if (what !== 'storage' || !isGlobal(type) || type.global.kind !== 'storage' || typeof key !== 'string') {
      throw this.#error('damaged', 'a storage is not described as PyTorch does.');
    }
    const size = typeof count === 'bigint' ? count : -1n;
    const found = makeStorage(type.global.dtype, key, size, this.#loadStorage, this.#where);
    this.#push({ kind: 'storage', storage: found });
  }

  #reduce(callee: Item | undefined, packed: Item | undefined): Item {
    if (!isGlobal(callee)) throw this.#error('refused', 'something is called that is no global.');
    const { global } = callee;
    // A member of an enum is its class called with its value, which PyTorch puts into no tuple.
    if (global.kind === 'class' && packed !== undefined && !isOf(packed, 'tuple')) {
      return this.#instance(global.typeName, [this.#value(packed)]);
    }
    if (!isOf(packed, 'tuple')) throw this.#error('damaged', `the arguments of ${callee.name} are no tuple.`);
    const args = this.#rawParts(packed);
    switch (global.kind) {
      case 'class':
        return this.#instance(global.typeName, this.#args(packed));
      case 'ordered-dict':
        return { kind: 'dict', entries: [] };
      case 'list':
        if (isOf(args[0], 'list')) return args[0];
        break;
      case 'tag':
        if (args[0] !== undefined) return this.#value(args[0]);
        break;
      case 'parameter':
        if (isOf(args[0], 'stored-tensor')) return args[0];
        break;
      case 'device':
        if (typeof args[0] === 'string') {
          return { kind: 'device', name: typeof args[1] === 'bigint' ? `${args[0]}:${args[1]}` : args[0] };
        }
        break;
      case 'tensor': {
        const [storage, offset, shape, strides] = args;
        if (isOf(storage, 'storage') && isOf(shape, 'tuple') && isOf(strides, 'tuple')) {
          const [sizes, steps] = [shape.items, strides.items];
          return makeTensor(storage.storage, offset as Pickled, sizes, steps, this.#where);
        }
        break;
      }
      case 'storage':
        throw this.#error('refused', `${callee.name} is called, which no network needs.`);
    }
    throw this.#error('damaged', `${callee.name} has other arguments than PyTorch gives it.`);
  }

  #instance(typeName: string, args: readonly Pickled[]): PickledObject {
    return { kind: 'object', typeName, args, state: undefined };
  }

  #build(state: Item): void {
    const object = this.#stack.at(-1);
    if (isOf(object, 'dict')) return; // An OrderedDict's own attributes.
    if (!isOf(object, 'object') || object.state !== undefined) throw this.#error('damaged', 'a state has no object.');
    object.state = this.#value(state);
  }

  #tuple(items: Item[]): PickledTuple {
    const tuple: PickledTuple = { kind: 'tuple', items: items as Pickled[] };
    if (items.some(isInternal)) this.#raw.add(tuple);
    for (const item of items) if (isOf(item, 'tuple')) this.#value(item);
    return tuple;
  }

  /** The parts of a tuple that are looked at one by one: few, so that naming one tuple often costs nothing. */
  #rawParts(tuple: PickledTuple): readonly Item[] {
    if (tuple.items.length > MAX_ARGS) throw this.#error('damaged', `${tuple.items.length} arguments are given.`);
    return tuple.items;
  }

  #args(item: Item | undefined): readonly Pickled[] {
    if (!isOf(item, 'tuple')) throw this.#error('damaged', 'the arguments of an object are no tuple.');
    return this.#rawParts(item).map((part) => this.#value(part));
  }

  #text(item: Item | undefined): string {
    if (typeof item !== 'string') throw this.#error('damaged', 'the name of a global is no text.');
    return item;
  }

  /** Lets only data through. */
  #value(item: Item): Pickled {
    if (isInternal(item)) throw this.#error('refused', `a ${item.kind} stands where a value belongs.`);
    if (isOf(item, 'tuple') && this.#raw.has(item)) {
      throw this.#error('refused', 'a tuple with a global in it stands where a value belongs.');
    }
    return item;
  }

  get #where(): string {
    return `${this.#record}, byte ${this.#at}`;
  }

  #error(problem: 'damaged' | 'refused' | 'limit', what: string): TorchScriptError {
    return new TorchScriptError(problem, this.#where, what);
  }
}

function isInternal(item: Item): item is GlobalItem | StorageItem | Mark {
  return isOf(item, 'global') || isOf(item, 'storage') || isOf(item, 'mark');
}

function isGlobal(item: Item | undefined): item is GlobalItem {
  return isOf(item, 'global');
}

function isOf<K extends string>(item: Item | undefined, kind: K): item is Extract<Item, { kind: K }> {
  return typeof item === 'object' && item !== null && item.kind === kind;
}
