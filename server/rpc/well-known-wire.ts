// google.protobuf's Timestamp, Duration and Value, from and to what the rooms use. Pure.
import type { Duration } from '../../proto/generated/google/protobuf/Duration.js';
import type { Timestamp } from '../../proto/generated/google/protobuf/Timestamp.js';
import type { Value, Value__Output } from '../../proto/generated/google/protobuf/Value.js';
import { InvalidArgument } from '../errors.js';
import type { ParameterValue } from '../workflows/workflow.js';

/** Milliseconds since 1970 as a Timestamp; nothing for nothing. */
export function timestampToWire(timeMs: number | undefined): Timestamp | null {
  return timeMs === undefined ? null : splitMs(timeMs);
}

/** Milliseconds as a Duration; nothing for nothing. */
export function durationToWire(durationMs: number | undefined): Duration | null {
  return durationMs === undefined || !Number.isFinite(durationMs) ? null : splitMs(Math.max(0, durationMs));
}

// Nanoseconds count forward from the second before, so they are never negative, as Timestamp wants it.
function splitMs(ms: number): { seconds: number; nanos: number } {
  const micros = Math.round(ms * 1000);
  const seconds = Math.floor(micros / 1e6);
  return { seconds, nanos: (micros - seconds * 1e6) * 1000 };
}

/** The value of a parameter as a Value. */
export function valueToWire(value: ParameterValue): Value {
  if (typeof value === 'number') return { numberValue: value };
  return typeof value === 'boolean' ? { boolValue: value } : { stringValue: value };
}

/** The value of a parameter. @throws InvalidArgument for null, lists, objects, and numbers that are not finite. */
export function valueFromWire(value: Value__Output, field: string): ParameterValue {
  const found = value.numberValue ?? value.boolValue ?? value.stringValue;
  if (found === undefined || (typeof found === 'number' && !Number.isFinite(found))) {
    const kinds = { nullValue: 'null', structValue: 'an object', listValue: 'a list' } as const;
    const got = found ?? kinds[value.kind as keyof typeof kinds];
    throw new InvalidArgument(field, got, 'a finite number, true or false, or a text');
  }
  return found;
}
