// Every overload of the table: called as a program calls it, run by ONNX Runtime, compared with torch's own answer.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import test from 'ava';
import { InferenceSession, Tensor as RuntimeTensor } from 'onnxruntime-node';
import { DTYPES, type DType } from '../../server/torchscript/dtypes.js';
import { makeConstant, readNumbers } from '../../server/torchscript/graph/constant.js';
import { emitModel } from '../../server/torchscript/graph/emit.js';
import { Graph } from '../../server/torchscript/graph/graph.js';
import { prune } from '../../server/torchscript/graph/prune.js';
import type { Tensor } from '../../server/torchscript/graph/tensor.js';
import { CHAPTERS } from '../../server/torchscript/operators/catalog.js';
import { callOperator } from '../../server/torchscript/operators/operator.js';
import { isTensor, listOf, tupleOf, type Value } from '../../server/torchscript/values.js';

type Tagged = null | boolean | string | { readonly [kind: string]: unknown };

interface TaggedTensor {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly numbers: readonly (number | string)[];
}

interface Call {
  readonly overload: string;
  readonly args: readonly Tagged[];
  readonly kwargs: Readonly<Record<string, Tagged>>;
  readonly answer: Tagged;
}

const file = new URL('../golden/data/torchscript/operators.json.gz', import.meta.url);
const chapters = JSON.parse(gunzipSync(readFileSync(file)).toString('utf8')) as Record<string, readonly Call[]>;
const calls = Object.values(chapters).flat();

/** Of what the numbers of an answer may differ by, as a part of its range. */
const TOLERANCE_OF_RANGE = 1e-4;

test('every overload of the table is called', (t) => {
  const called = new Set(calls.map(({ overload }) => overload));
  const table = Object.values(CHAPTERS).flatMap((operators) => operators.map(({ overload }) => overload));
  const needsGpu = ['cuda'];
  t.true(new Set(table.map((overload) => overload.split('.')[0])).size >= 150);
  t.deepEqual(
    table.filter((overload) => !called.has(overload) && !needsGpu.includes(overload)),
    [],
  );
});

test('cuda, which torch answers on a GPU only, gives the tensor itself', (t) => {
  const graph = new Graph();
  const tensor = graph.input('x', 'float32', [2, 3]);
  t.is(callOperator('torch.cuda', [tensor], new Map(), { graph }), tensor);
});

for (const [chapter, own] of Object.entries(chapters)) {
  test(`${chapter}: ${own.length} calls answer as torch`, async (t) => {
    const wrong = await compareCalls(own, chapter === 'constants');
    t.deepEqual(wrong, []);
  });
}

/** One graph for all calls, one session, one run. @returns What is wrong, call by call. */
async function compareCalls(own: readonly Call[], asConstants: boolean): Promise<string[]> {
  const graph = new Graph();
  const feeds: Record<string, RuntimeTensor> = {};
  const wrong: string[] = [];
  const expected = new Map<string, TaggedTensor>();
  own.forEach((call, number) => {
    const name = `${number} ${call.overload}`;
    try {
      const answer = callIn(graph, call, asConstants, feeds, number);
      compareValues(graph, answer, call.answer, name, expected, wrong);
    } catch (error) {
      wrong.push(`${name}: ${(error as Error).message}`);
    }
  });
  if (expected.size === 0) return wrong;
  const { model } = emitModel(prune(graph), { producerVersion: 'test', externalLocation: 'none' });
  const session = await InferenceSession.create(Buffer.concat(model), { intraOpNumThreads: 1, logSeverityLevel: 3 });
  const found = await session.run(feeds);
  await session.release();
  for (const [name, answer] of expected) wrong.push(...compareTensors(name, found[name]!, answer));
  return wrong;
}

function callIn(
  graph: Graph,
  call: Call,
  asConstants: boolean,
  feeds: Record<string, RuntimeTensor>,
  number: number,
): Value {
  let count = 0;
  const read = (tagged: Tagged): Value => {
    if (tagged === null || typeof tagged !== 'object') return tagged;
    if ('int' in tagged) return BigInt(tagged['int'] as string);
    if ('float' in tagged) return readNumber(tagged['float'] as string);
    if ('device' in tagged) return { kind: 'device', name: tagged['device'] as string };
    if ('list' in tagged) return listOf((tagged['list'] as Tagged[]).map(read));
    if ('tuple' in tagged) return tupleOf((tagged['tuple'] as Tagged[]).map(read));
    const tensor = tagged['tensor'] as TaggedTensor;
    const numbers = tensor.numbers.map(readNumber);
    if (asConstants || isPlaces(call, tensor)) return graph.weight(makeConstant(tensor.dtype, tensor.shape, numbers));
    const name = `in_${number}_${count++}`;
    feeds[name] = toRuntime(tensor.dtype, tensor.shape, numbers);
    return graph.input(name, tensor.dtype, tensor.shape);
  };
  const args = call.args.map(read);
  const kwargs = new Map(Object.entries(call.kwargs).map(([key, value]) => [key, read(value)]));
  return callOperator(`torch.${call.overload.split('.')[0]}`, args, kwargs, { graph });
}

/** A mask that is an index decides how large the answer is: such are constants in programs that can be translated. */
function isPlaces(call: Call, tensor: TaggedTensor): boolean {
  return call.overload.startsWith('index.') && tensor.dtype === 'bool';
}

function compareValues(
  graph: Graph,
  value: Value,
  answer: Tagged,
  name: string,
  expected: Map<string, TaggedTensor>,
  wrong: string[],
): void {
  if (typeof answer === 'object' && answer !== null && 'tensor' in answer) {
    const tensor = answer['tensor'] as TaggedTensor;
    if (!isTensor(value)) wrong.push(`${name}: no tensor`);
    else compareFacts(graph, value, tensor, name, expected, wrong);
    return;
  }
  const items = typeof answer === 'object' && answer !== null ? (answer['list'] ?? answer['tuple']) : undefined;
  if (items !== undefined && typeof value === 'object' && (value?.kind === 'list' || value?.kind === 'tuple')) {
    const listed = items as Tagged[];
    if (listed.length !== value.items.length) wrong.push(`${name}: ${value.items.length} items, not ${listed.length}`);
    listed.forEach((item, index) => {
      // Places of adaptive maxima are refused where they are used.
      if (name.includes('adaptive_max') && index === 1) return;
      compareValues(graph, value.items[index] ?? null, item, `${name} ${index}`, expected, wrong);
    });
    return;
  }
  const plain =
    typeof value === 'bigint' ? { int: String(value) } : typeof value === 'number' ? { float: value } : value;
  const same =
    JSON.stringify(plain) === JSON.stringify(answer) ||
    Number(value) === readNumber(String(Object.values(answer ?? {})[0]));
  if (!same && !isSameDevice(value, answer))
    wrong.push(`${name}: ${JSON.stringify(plain)}, not ${JSON.stringify(answer)}`);
}

function isSameDevice(value: Value, answer: Tagged): boolean {
  const named = typeof answer === 'object' && answer !== null ? answer['device'] : undefined;
  return typeof value === 'object' && value?.kind === 'device' && value.name === named;
}

function compareFacts(
  graph: Graph,
  value: Tensor,
  answer: TaggedTensor,
  name: string,
  expected: Map<string, TaggedTensor>,
  wrong: string[],
): void {
  if (value.dtype !== answer.dtype) wrong.push(`${name}: ${value.dtype}, not ${answer.dtype}`);
  else if (value.shape.join() !== answer.shape.join()) wrong.push(`${name}: [${value.shape}], not [${answer.shape}]`);
  else {
    const constant = graph.constantOf(value.ref(graph));
    if (constant) wrong.push(...compareNumbers(name, Array.from(readNumbers(constant)), answer));
    else {
      graph.output(name, value);
      expected.set(name, answer);
    }
  }
}

function compareTensors(name: string, found: RuntimeTensor, answer: TaggedTensor): string[] {
  if (found.dims.join() !== answer.shape.join())
    return [`${name}: ONNX Runtime gives [${found.dims}], not [${answer.shape}]`];
  return compareNumbers(name, Array.from(found.data as ArrayLike<number | bigint>, Number), answer);
}

function compareNumbers(name: string, found: readonly number[], answer: TaggedTensor): string[] {
  const numbers = answer.numbers.map(readNumber);
  const finite = numbers.filter(Number.isFinite);
  const range = Math.max(...finite, 0) - Math.min(...finite, 0);
  const limit = DTYPES[answer.dtype].category === 'float' ? Math.max(range, 1e-6) * TOLERANCE_OF_RANGE : 0;
  const at = numbers.findIndex(
    (wanted, index) => !(Object.is(found[index], wanted) || Math.abs(found[index]! - wanted) <= limit),
  );
  return at < 0 ? [] : [`${name}: number ${at} is ${found[at]}, not ${numbers[at]}`];
}

function readNumber(value: number | string): number {
  if (typeof value === 'number') return value;
  const named: Readonly<Record<string, number>> = {
    inf: Number.POSITIVE_INFINITY,
    '-inf': Number.NEGATIVE_INFINITY,
    nan: Number.NaN,
  };
  return named[value] ?? Number(value);
}

function toRuntime(dtype: DType, shape: readonly number[], numbers: readonly number[]): RuntimeTensor {
  const { bytes } = makeConstant(dtype, shape, numbers);
  const arrays = {
    float32: Float32Array,
    float64: Float64Array,
    int32: Int32Array,
    int64: BigInt64Array,
    uint8: Uint8Array,
    bool: Uint8Array,
  } as const;
  const data = new arrays[dtype as keyof typeof arrays](bytes.buffer as ArrayBuffer);
  return new RuntimeTensor(dtype as 'float32', data as Float32Array, shape);
}
