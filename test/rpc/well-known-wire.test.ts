// Times, durations and values on the wire, held against what google.protobuf says of them.
import test from 'ava';
import { durationToWire, timestampToWire, valueFromWire, valueToWire } from '../../server/rpc/well-known-wire.js';

test("a Timestamp's nanoseconds count forward, before 1970 as well", (t) => {
  t.deepEqual(timestampToWire(0), { seconds: 0, nanos: 0 });
  t.deepEqual(timestampToWire(1_700_000_000_123), { seconds: 1_700_000_000, nanos: 123_000_000 });
  t.deepEqual(timestampToWire(-1), { seconds: -1, nanos: 999_000_000 });
  t.is(timestampToWire(undefined), null);
});

test('nanoseconds stay below a second, whatever the rounding', (t) => {
  for (const ms of [999.9999, 0.0004, 0.0005, 1e12 + 0.9999, 59_999.99951]) {
    const { seconds, nanos } = durationToWire(ms) as { seconds: number; nanos: number };
    t.true(Number.isInteger(seconds) && Number.isInteger(nanos) && nanos >= 0 && nanos < 1e9);
    t.true(Math.abs(seconds * 1000 + nanos / 1e6 - ms) <= 0.0006);
  }
});

test('a Duration of nothing, of no number, or below zero never confuses a client', (t) => {
  t.is(durationToWire(undefined), null);
  t.is(durationToWire(Number.NaN), null);
  t.is(durationToWire(Number.POSITIVE_INFINITY), null);
  t.deepEqual(durationToWire(-5), { seconds: 0, nanos: 0 });
});

test('numbers, booleans and texts go to a Value and back, the empty and false ones too', (t) => {
  for (const value of [0, -1.5, 1e300, true, false, '', 'gaussian']) {
    const wire = valueToWire(value) as Parameters<typeof valueFromWire>[0];
    t.is(Object.keys(wire).length, 1);
    t.is(valueFromWire(wire, 'parameters["p"]'), value);
  }
});
