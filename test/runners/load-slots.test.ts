// How many models load at once, and who is next.
import test from 'ava';
import { createLoadSlots } from '../../server/runners/load-slots.js';

const never = new AbortController().signal;

test('as many as there are slots go at once, the next when one is given back, in order', async (t) => {
  const slots = createLoadSlots(2);
  const order: string[] = [];
  const give = await slots.take(never);
  await slots.take(never);
  const third = slots.take(never).then((back) => {
    order.push('third');
    return back;
  });
  const fourth = slots.take(never).then(() => order.push('fourth'));
  await Promise.resolve();
  t.deepEqual(order, []);
  give();
  give();
  const giveThird = await third;
  t.deepEqual(order, ['third'], 'giving back twice is giving back once');
  giveThird();
  await fourth;
  t.deepEqual(order, ['third', 'fourth']);
});

test('one that stops waiting leaves its turn to the next', async (t) => {
  const slots = createLoadSlots(1);
  const give = await slots.take(never);
  const leaving = new AbortController();
  const left = slots.take(leaving.signal);
  const next = slots.take(never);
  leaving.abort(new Error('gone'));
  await t.throwsAsync(left, { message: 'gone' });
  give();
  t.is(typeof (await next), 'function');
});

test('one that has stopped waiting before it began takes no slot', async (t) => {
  const slots = createLoadSlots(1);
  await t.throwsAsync(slots.take(AbortSignal.abort(new Error('gone'))), { message: 'gone' });
  t.is(typeof (await slots.take(never)), 'function');
});
