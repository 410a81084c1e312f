// Which idle models leave memory when they are too many.
import test, { type ExecutionContext } from 'ava';
import { planEviction } from '../../server/runners/model-memory.js';

const model = (workflow: string, rssBytes: number, lastUse: number, idle = true) => ({
  workflow,
  rssBytes,
  lastUse,
  idle,
});

function evicts(
  t: ExecutionContext,
  models: ReturnType<typeof model>[],
  { budget, incoming, expected }: { budget: number; incoming?: number; expected?: string },
  out: string[],
): void {
  t.deepEqual(
    planEviction(models, budget, incoming, expected).map((one) => one.workflow),
    out,
  );
}
evicts.title = (title = '') => title;

const abc = [model('a', 40, 3), model('b', 40, 1), model('c', 40, 2)];
test('nothing leaves while all fit', evicts, abc, { budget: 120 }, []);
test('the longest unused leaves first', evicts, abc, { budget: 119 }, ['b']);
test('as many leave as have to, in the order of their last use', evicts, abc, { budget: 40 }, ['b', 'c']);
test('the last used stays though it is above the budget alone', evicts, abc, { budget: 1 }, ['b', 'c']);
test('all may leave for one that comes in', evicts, abc, { budget: 50, incoming: 50 }, ['b', 'c', 'a']);
test('one that comes in and fits puts nobody out', evicts, abc, { budget: 130, incoming: 10 }, []);
test('one that is expected next stays', evicts, abc, { budget: 80, expected: 'b' }, ['c']);
const busy = [model('a', 400, 1, false), model('b', 40, 2), model('c', 40, 3)];
test('one that computes neither leaves nor counts', evicts, busy, { budget: 80 }, []);
test('no model, nothing to do', evicts, [], { budget: 0 }, []);
