// The pickle reader: data as PyTorch writes it, and nothing that asks for anything else.
import test from 'ava';
import { TorchScriptError, type TorchScriptProblem } from '../../../server/torchscript/error.js';
import { readNumbers } from '../../../server/torchscript/graph/constant.js';
import type { Pickled, PickledList, PickledTensor, PickledTuple } from '../../../server/torchscript/pickle/pickled.js';
import { readPickle } from '../../../server/torchscript/pickle/read-pickle.js';
import { openProgram, readGolden } from '../golden.js';
import { global, int, type Part, pickle, tensor, text } from './assemble.js';

const LIMITS = { maxOpcodes: 10_000, maxValues: 1_000, maxPickleBytes: 1 << 20 };
const numbers = new Uint8Array(new Float32Array([1, 2, 3, 4, 5, 6]).buffer);

function read(...parts: Part[]): Pickled {
  return readPickle(pickle(...parts), 'data.pkl', (key) => ({ record: `data/${key}`, bytes: numbers }), LIMITS);
}

const values: [string, Part[], Pickled][] = [
  ['None', ['N'], null],
  ['an int of one byte', ['K', 200], 200n],
  ['an int of four bytes', [int(-5)], -5n],
  ['a long', [0x8a, 6, 0, 0, 0, 0, 0, 1], 2n ** 40n],
  ['a negative long', [0x8a, 1, 0x80], -128n],
  ['a long of no bytes', [0x8a, 0], 0n],
  ['a float, apart from an int', ['G', 0x3f, 0xf8, 0, 0, 0, 0, 0, 0], 1.5],
  ['text beyond ASCII', [text('ü☃')], 'ü☃'],
  ['a tuple', ['K', 1, 'K', 2, 0x86], { kind: 'tuple', items: [1n, 2n] }],
  [
    'a list of build_intlist',
    [global('torch.jit._pickle', 'build_intlist'), '(](K', 7, 'etR'],
    { kind: 'list', items: [7n] },
  ],
  ['a device', [global('torch', 'device'), text('cuda'), int(1), 0x86, 'R'], { kind: 'device', name: 'cuda:1' }],
];
for (const [what, parts, expected] of values) {
  test(`reads ${what}`, (t) => {
    t.deepEqual(read(...parts), expected);
  });
}

test('what is remembered and named again is the same list', (t) => {
  const both = read(']q', 1, 'h', 1, 0x86) as PickledTuple;
  t.is(both.items[0], both.items[1]);
});

test('a list may hold itself', (t) => {
  const list = read(']q', 0, 'h', 0, 'a') as PickledList;
  t.is(list.items[0], list);
});

test("a tensor's storage is a view of its record", (t) => {
  const found = read(tensor({ count: 6, offset: 0, sizes: [2, 3], strides: [3, 1] })) as PickledTensor;
  t.is(found.storage.bytes.buffer, numbers.buffer);
});

const weights: [string, number[], number[]][] = [
  ['weight', [3, 2], [0, 3, 1, 4, 2, 5]],
  ['count', [3], [1, -2, 2 ** 40]],
  ['coarse', [2], [0.5, 65504]],
  ['scalar', [], [2.5]],
  ['empty', [0, 3], []],
];
for (const [name, shape, expected] of weights) {
  test(`the attribute ${name} has the numbers and the shape that torch gave it`, (t) => {
    const { network, graph } = openProgram(readGolden('language.zip'));
    const value = network.attributes.get(name);
    t.truthy(typeof value === 'object' && value?.kind === 'tensor');
    if (typeof value !== 'object' || value?.kind !== 'tensor') return;
    t.deepEqual([...value.shape], shape);
    t.deepEqual(Array.from(readNumbers(graph.constantOf(value.ref(graph))!)), expected);
  });
}

const hostile: [string, Part[], TorchScriptProblem, RegExp][] = [
  ['os.system', [global('os', 'system'), text('id'), 0x85, 'R'], 'refused', /os\.system/],
  ['builtins.eval by its stacked name', [text('builtins'), text('eval'), 0x93], 'refused', /builtins\.eval/],
  ['a function of torch', [global('torch', 'load')], 'refused', /torch\.load/],
  ['a torchbind class', [global('__torch__.torch.classes.a', 'B')], 'refused', /torch\.classes\.a\.B/],
  ['a class whose name is no name', [global('__torch__', 'a(b')], 'refused', /a\(b/],
  ['a text that is called', [text('x'), ')R'], 'refused', /called/],
  ['a storage that is called', [global('torch', 'FloatStorage'), ')R'], 'refused', /FloatStorage/],
  ['a global as the answer', [global('torch', 'device')], 'refused', /global stands where a value/],
  ['a global in a list', [']', global('torch', 'device'), 'a'], 'refused', /global stands where a value/],
  ['a global in a tuple in a tuple', [global('torch', 'device'), 0x85, 0x85], 'refused', /global/],
  ['INST', ['(ios\nsystem\n'], 'refused', /0x69/],
  ['OBJ', ['(N', 'o'], 'refused', /0x6f/],
  ['an extension', [0x82, 1], 'refused', /0x82/],
  ['a persistent id as text', ['Pabc\n'], 'refused', /0x50/],
  ['a text longer than the file', ['X', 0xff, 0xff, 0xff, 0x7f], 'damaged', /missing/],
  ['an empty stack', ['t'], 'damaged', /mark is missing/],
  ['something left over', ['NN'], 'damaged', /left on the stack/],
  ['a memo that is not there', ['h', 9], 'damaged', /under 9/],
  ['appending to a number', ['K', 1, 'Na'], 'damaged', /no list/],
  ['an object twice built', [global('__torch__', 'A'), ')', 0x81, '}b}b'], 'damaged', /state has no object/],
  ['a stack without end', ['('.repeat(2_000)], 'limit', /1000 values/],
  ['a memo without end', [Buffer.concat([Buffer.from('N'), Buffer.alloc(9_000, 0x94)])], 'limit', /values/],
  ['opcodes without end', ['N0'.repeat(10_000), 'N'], 'limit', /10000 opcodes/],
  [
    'more elements than the record has',
    [tensor({ count: 7, offset: 0, sizes: [7], strides: [1] })],
    'damaged',
    /data\/0.*7 elements/,
  ],
  [
    'a tensor beyond its storage',
    [tensor({ count: 6, offset: 1, sizes: [6], strides: [1] })],
    'damaged',
    /reaches beyond/,
  ],
  [
    'strides that lead out',
    [tensor({ count: 6, offset: 0, sizes: [2, 2], strides: [5, 5] })],
    'damaged',
    /reaches beyond/,
  ],
  ['a negative stride', [tensor({ count: 6, offset: 5, sizes: [2], strides: [-1] })], 'damaged', /reaches beyond/],
  ['a negative count', [tensor({ count: -1, offset: 0, sizes: [1], strides: [1] })], 'damaged', /data\/0/],
  [
    'a number repeated without end',
    [tensor({ count: 1, offset: 0, sizes: [2 ** 30], strides: [0] })],
    'damaged',
    /reaches beyond/,
  ],
  [
    'sizes and strides that do not match',
    [tensor({ count: 6, offset: 0, sizes: [1, 1], strides: [1] })],
    'damaged',
    /2 sizes and 1 strides/,
  ],
];
for (const [what, parts, problem, message] of hostile) {
  test(`${what} is refused, and the byte told`, (t) => {
    const error = t.throws(() => read(...parts), { instanceOf: TorchScriptError, message });
    t.is(error.problem, problem);
    t.regex(error.where, /^data(\.pkl|\/0)/);
  });
}
