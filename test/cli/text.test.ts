// What people read: tables, sizes, durations, progress, summaries, errors and exit codes.

import test from 'ava';
import { CommanderError } from 'commander';
import { bar, createProgressView } from '../../clients/cli/progress.js';
import { exitCodeOf, reportError } from '../../clients/cli/report-error.js';
import { formatRunSummary } from '../../clients/cli/run-summary.js';
import { formatBytes, formatDuration, formatFields, formatMl, formatTable, wrap } from '../../clients/cli/table.js';
import type { Run, RunEvent } from '../../clients/typescript/index.js';
import { Cancelled, InvalidArgument, InvalidBundle, NotFound, VoxhostError } from '../../server/errors.js';

test('tables are aligned, numbers to the right, nothing trails', (t) => {
  const table = formatTable(
    ['NAME', 'N', ''],
    [
      ['brain', '1', 'x'],
      ['Leber · groß', '1234', ''],
    ],
    [1],
  );
  t.is(table, 'NAME             N\nbrain            1  x\nLeber · groß  1234\n');
});

test('fields that are empty are left out, and long ones stay in their column', (t) => {
  t.is(
    formatFields([
      ['name', 'brain'],
      ['failure', ''],
      ['text', 'one\ntwo'],
    ]),
    'name  brain\ntext  one\n      two\n',
  );
  t.is(wrap('one two three', 7), 'one two\nthree');
});

test('sizes and durations are in the unit that suits them', (t) => {
  t.deepEqual([0, 512, 1536, 2 ** 20, 250 * 2 ** 20, 2 ** 41].map(formatBytes), [
    '0 B',
    '512 B',
    '1.5 KiB',
    '1.0 MiB',
    '250 MiB',
    '2.0 TiB',
  ]);
  t.deepEqual([0, 340.4, 999.7, 2440, 59_960, 185_000].map(formatDuration), [
    '0 ms',
    '340 ms',
    '1.0 s',
    '2.4 s',
    '1 min 00 s',
    '3 min 05 s',
  ]);
  t.deepEqual([0, 9.996, 1963.934].map(formatMl), ['0.00 mL', '10.00 mL', '1963.9 mL']);
});

test('the bar fills with the fraction and never beyond', (t) => {
  const count = (fraction: number) => [...bar(fraction)].filter((cell) => cell === '█').length;
  t.deepEqual([-1, 0, 0.5, 1, 7, Number.NaN].map(count), [0, 0, 12, 24, 24, 0]);
  t.is([...bar(0.3)].length, 24);
});

const base = { run: 'r', sequence: 1 };
const events: RunEvent[] = [
  { ...base, kind: 'queued', position: 2, estimatedWaitMs: 5000, workflowLoading: false },
  { ...base, kind: 'progress', stage: 'Spacing', step: 0, stepCount: 0, fraction: 0.1 },
  ...Array.from(
    { length: 12 },
    (_, n): RunEvent => ({
      ...base,
      kind: 'progress',
      stage: 'network',
      step: n + 1,
      stepCount: 12,
      fraction: 0.1 + n * 0.06,
      timeLeftMs: 12_000 - n * 1000,
    }),
  ),
];

test('without a terminal, progress is a line for each stage and each quarter of a long one', (t) => {
  let text = '';
  let nowMs = 0;
  const view = createProgressView({ write: (part) => (text += part) }, () => nowMs);
  view.upload('image', 0, 7 * 2 ** 20);
  view.upload('image', 2 ** 20, 7 * 2 ** 20);
  for (const event of events) {
    view.event(event);
    nowMs += 1000;
  }
  // Stages that pass within a second of the last line stay unsaid.
  nowMs -= 500;
  view.event({ ...base, kind: 'progress', stage: 'Invert', step: 0, stepCount: 0, fraction: 0.9 });
  view.end();
  t.deepEqual(text.split('\n'), [
    'sending image (7.0 MiB)',
    'waiting, 2 before this run, about 5.0 s',
    ' 10 %  Spacing',
    ' 10 %  network, window 1 of 12, 12.0 s left',
    ' 22 %  network, window 3 of 12, 10.0 s left',
    ' 40 %  network, window 6 of 12, 7.0 s left',
    ' 58 %  network, window 9 of 12, 4.0 s left',
    ' 76 %  network, window 12 of 12, 1.0 s left',
    '',
  ]);
});

test('on a terminal, one line is drawn over and over, no wider than the terminal, and wiped at the end', (t) => {
  const writes: string[] = [];
  const view = createProgressView({ isTTY: true, columns: 40, write: (part) => writes.push(part) });
  for (const event of events) view.event(event);
  view.say('note: something');
  view.end();
  t.true(writes.every((part) => !part.slice(0, -1).includes('\n')));
  const drawn = writes.filter((part) => part.startsWith('\r\x1b[2K') && part.length > 5);
  t.is(drawn.length, events.length);
  t.true(drawn.every((part) => [...part.slice(5)].length <= 39));
  t.deepEqual(writes.slice(-2), ['\r\x1b[2K', 'note: something\n']);
});

const segment = (name: string, value: number) => ({ value, name, color: { red: 1, green: 2, blue: 3 } });

test('a summary has segments with millilitres, files and times; a segment that is absent is said to be', (t) => {
  const run = {
    outputs: [
      {
        name: 'pred',
        segments: [
          { segment: segment('brain', 1), voxelCount: 1_963_934, volumeMl: 1963.934 },
          { segment: segment('lesion', 2), voxelCount: 0, volumeMl: 0 },
        ],
      },
    ],
    timings: [{ stage: 'network', durationMs: 612 }],
  } as unknown as Run;
  t.is(
    formatRunSummary({ run, files: { pred: 'head_pred.nii.gz' }, tookMs: 1234, preview: 'head.png' }),
    [
      'SEGMENT     VOLUME            VOXELS',
      'brain    1963.9 mL  1,963,934 voxels',
      'lesion     0.00 mL         not found',
      'Wrote head_pred.nii.gz',
      'Drew head.png',
      'Took 1.2 s (the network 612 ms)',
      '',
    ].join('\n'),
  );
});

const unavailable = new VoxhostError({ code: 'UNAVAILABLE', reason: 'X', message: 'gone', metadata: {} });
const exits: [string, unknown, number][] = [
  ['a wrong value', new InvalidArgument('--param', 'x', 'y'), 2],
  ['an unknown workflow', new NotFound('workflow', 'x'), 2],
  ['a wrong command line', new CommanderError(1, 'commander.unknownCommand', ''), 2],
  ['--help', new CommanderError(0, 'commander.helpDisplayed', ''), 0],
  ['a bundle that cannot run', new InvalidBundle({ file: 'a' }, 'b'), 1],
  ['no host', unavailable, 3],
  ['a cancelled run', new Cancelled('x'), 130],
  ['an error of our own', new TypeError('x'), 1],
];
for (const [title, error, code] of exits)
  test(`${title} ends with exit code ${code}`, (t) => t.is(exitCodeOf(error), code));

test('an expected error is one sentence, one of our own has its stack, one of commander was already said', (t) => {
  const said = (error: unknown) => {
    let text = '';
    reportError(error, (part) => (text += part));
    return text;
  };
  t.is(said(unavailable), 'gone\n');
  t.regex(said(new TypeError('boom')), /^voxhost met an error of its own:\nTypeError: boom\n\s+at /);
  t.is(said(new CommanderError(1, 'x', 'y')), '');
});
