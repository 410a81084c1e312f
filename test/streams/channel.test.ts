import test from 'ava';
import { createChannel } from '../../server/streams/channel.js';

const turn = () => new Promise(setImmediate);

test('the reader gets every value in order, then the end', async (t) => {
  const channel = createChannel<number>(2);
  const producer = (async () => {
    for (let value = 0; value < 100; value++) t.true(await channel.push(value));
    channel.end();
  })();
  const got: number[] = [];
  for await (const value of channel) got.push(value);
  await producer;
  t.deepEqual(
    got,
    Array.from({ length: 100 }, (_, index) => index),
  );
});

test('push waits while the queue is full, and one pull lets one go on', async (t) => {
  const channel = createChannel<string>(1);
  t.true(await channel.push('a'));
  let accepted = 0;
  const count = () => {
    accepted++;
  };
  void channel.push('b').then(count);
  void channel.push('c').then(count);
  await turn();
  t.is(accepted, 0);
  const reader = channel[Symbol.asyncIterator]();
  t.deepEqual(await reader.next(), { done: false, value: 'a' });
  await turn();
  t.is(accepted, 1);
  await reader.next();
  await turn();
  t.is(accepted, 2);
});

test('a failure comes after the values that were there', async (t) => {
  const channel = createChannel<string>(8);
  await channel.push('a');
  channel.fail(new Error('the runner ended'));
  t.false(await channel.push('b'));
  const got: string[] = [];
  await t.throwsAsync(
    async () => {
      for await (const value of channel) got.push(value);
    },
    { message: 'the runner ended' },
  );
  t.deepEqual(got, ['a']);
});

test('a reader that leaves tells the producer, waiting or coming', async (t) => {
  const channel = createChannel<string>(1);
  await channel.push('a');
  const second = channel.push('b');
  const third = channel.push('c');
  for await (const value of channel) {
    t.is(value, 'a');
    break;
  }
  t.true(await second, 'it had room the moment "a" was read');
  t.false(await third);
  t.false(await channel.push('d'));
});
