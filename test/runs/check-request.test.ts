// What a client asks for is held against the workflow's description before anything is queued.
import test, { type ExecutionContext } from 'ava';
import { InvalidArgument } from '../../server/errors.js';
import type { VolumeHeader } from '../../server/imaging/volume-header.js';
import { checkRequest, checkRequestId } from '../../server/runs/check-request.js';
import type { ParameterValue, WorkflowDescription } from '../../server/workflows/workflow.js';
import { SMALL_HEADER } from '../fixtures/scripted-bundle.js';

const input = { kind: 'image', modality: 'MR', channelNames: [], required: true, spatialAxes: 3 } as const;
const description = {
  inputs: [
    { ...input, name: 'image', channels: 1 },
    { ...input, name: 'both', channels: 2, required: false },
  ],
  parameters: [
    { name: 'overlap', type: 'number', defaultValue: 0.5, minimum: 0, maximum: 0.95, choices: [], description: '' },
    { name: 'batch', type: 'integer', defaultValue: 1, minimum: 1, choices: [], description: '' },
    { name: 'fast', type: 'boolean', defaultValue: false, choices: [], description: '' },
    { name: 'mode', type: 'string', defaultValue: 'mean', choices: ['mean', 'max'], description: '' },
    { name: 'note', type: 'string', defaultValue: '', choices: [], description: '' },
  ],
} as unknown as WorkflowDescription;

const volume = (header: Partial<VolumeHeader> = {}) => ({ header: { ...SMALL_HEADER, ...header } });
const image = { image: volume() };

test('parameters in force are those given, and defaults for the rest', (t) => {
  t.deepEqual(checkRequest(description, image, { overlap: 0.95, fast: true, mode: 'max' }), {
    overlap: 0.95,
    batch: 1,
    fast: true,
    mode: 'max',
    note: '',
  });
});

const refusesParameter = test.macro({
  exec(t, name: string, value: ParameterValue, expected: string) {
    const error = t.throws(() => checkRequest(description, image, { [name]: value }), { instanceOf: InvalidArgument });
    t.is(error.metadata['field'], `parameters.${name}`);
    t.is(error.metadata['expected'], expected);
  },
  title: (_, name, value) => `${name} = ${value} (a ${typeof value}) is refused`,
});

const overlap = 'a number from 0 to 0.95';
test(refusesParameter, 'overlap', 0.96, overlap);
test(refusesParameter, 'overlap', -0.01, overlap);
test(refusesParameter, 'overlap', Number.NaN, overlap);
test(refusesParameter, 'overlap', Number.POSITIVE_INFINITY, overlap);
test(refusesParameter, 'overlap', '0.5', overlap);
test(refusesParameter, 'overlap', true, overlap);
test(refusesParameter, 'batch', 1.5, 'a whole number of at least 1');
test(refusesParameter, 'batch', 0, 'a whole number of at least 1');
test(refusesParameter, 'fast', 1, 'true or false');
test(refusesParameter, 'mode', 'min', 'one of mean, max');
test(refusesParameter, 'note', 3, 'a text');
test(refusesParameter, 'overlapp', 0.5, 'one of overlap, batch, fast, mode, note');
test(refusesParameter, '__proto__x', 1, 'one of overlap, batch, fast, mode, note');

test('a workflow without parameters says so', (t) => {
  const none = { ...description, parameters: [] };
  t.throws(() => checkRequest(none, image, { x: 1 }), { message: /takes none/ });
});

function refusesInputs(t: ExecutionContext, inputs: Parameters<typeof checkRequest>[1], field: string, said: RegExp) {
  const error = t.throws(() => checkRequest(description, inputs, {}), { instanceOf: InvalidArgument });
  t.is(error.metadata['field'], field);
  t.regex(error.message, said);
}

test('an input that is missing is named', refusesInputs, {}, 'inputs.image', /missing/);
test(
  'an unknown input is named, with those there are',
  refusesInputs,
  { ...image, ct: volume() },
  'inputs.ct',
  /image, both/,
);
test(
  'a slice is no volume',
  refusesInputs,
  { image: volume({ sizes: [4, 5] }) },
  'inputs.image',
  /4 × 5.*3 spatial axes/,
);
test(
  'colours are no single channel',
  refusesInputs,
  { image: volume({ components: 3 }) },
  'inputs.image',
  /3 components.*1 channel/,
);
test('frames are channels', refusesInputs, { image: volume({ sizes: [2, 2, 2, 4] }) }, 'inputs.image', /2 × 2 × 2 × 4/);
test('one channel is not two', refusesInputs, { ...image, both: volume() }, 'inputs.both', /2 channels/);

test('channels come as components or as frames on the fourth axis', (t) => {
  t.notThrows(() => checkRequest(description, { ...image, both: volume({ components: 2 }) }, {}));
  t.notThrows(() => checkRequest(description, { ...image, both: volume({ sizes: [2, 3, 4, 2] }) }, {}));
});

test('a request id has at most 128 characters', (t) => {
  t.notThrows(() => checkRequestId(''));
  t.notThrows(() => checkRequestId('x'.repeat(128)));
  const error = t.throws(() => checkRequestId('x'.repeat(129)), { instanceOf: InvalidArgument });
  t.is(error.metadata['field'], 'request_id');
});
