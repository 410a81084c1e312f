// Reads what came over the channel from a runner: a message of messages.ts, or not one at all.
import type { FromRunner } from './messages.js';

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === 'string';
const isNumber: Check = (value) => typeof value === 'number' && Number.isFinite(value);
const isCount: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const isObject: Check = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const isList =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const isRecord =
  (fields: Readonly<Record<string, Check>>): Check =>
  (value) =>
    isObject(value) && Object.entries(fields).every(([name, check]) => check((value as Record<string, unknown>)[name]));

const isError = isRecord({ code: isText, reason: isText, message: isText, metadata: isObject });
const isAttempts = isList(
  isRecord({ device: isText, available: (value) => typeof value === 'boolean', reason: isText }),
);
const isHeader = isRecord({
  sizes: isList((value) => isCount(value) && value !== 0),
  componentType: isText,
  components: isCount,
  indexToWorldLps: (value) => isList(isNumber)(value) && (value as unknown[]).length === 12,
  modality: isText,
});
const isVoxelCounts: Check = (value) =>
  value === undefined || (isObject(value) && Object.values(value as object).every(isCount));

const FIELDS: Readonly<Record<FromRunner['type'], Check>> = {
  described: isRecord({
    description: isRecord({
      version: isText,
      title: isText,
      inputs: isList(isObject),
      outputs: isList(isObject),
      parameters: isList(isObject),
    }),
  }),
  ready: isRecord({
    device: isText,
    attempts: isAttempts,
    loadMs: isNumber,
    warmupMs: isNumber,
    rssBytes: isCount,
  }),
  'load-failed': isRecord({ error: isError, attempts: isAttempts }),
  progress: isRecord({ run: isText, stage: isText, step: isNumber, stepCount: isNumber }),
  output: isRecord({
    run: isText,
    name: isText,
    file: isText,
    header: isHeader,
    sha256: (value) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value),
    voxelCounts: isVoxelCounts,
  }),
  done: isRecord({
    run: isText,
    timings: isList(isRecord({ stage: isText, durationMs: isNumber })),
    rssBytes: isCount,
  }),
  failed: isRecord({ run: isText, error: isError, rssBytes: isCount }),
  cancelled: isRecord({ run: isText, rssBytes: isCount }),
};

/** The message, or `undefined` when it is none: then the process that sent it is not to be trusted any more. */
export function readMessage(message: unknown): FromRunner | undefined {
  const type = isObject(message) ? (message as { type?: unknown }).type : undefined;
  if (typeof type !== 'string' || !Object.hasOwn(FIELDS, type)) return undefined;
  return FIELDS[type as FromRunner['type']](message) ? (message as FromRunner) : undefined;
}
