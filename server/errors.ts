// Everything that can go wrong, as data: one class a kind, with the field, what came, what was expected and the remedy.

/** The gRPC status codes that the host answers with, by name (google.rpc.Code). */
export type ErrorCode =
  | 'CANCELLED'
  | 'INVALID_ARGUMENT'
  | 'DEADLINE_EXCEEDED'
  | 'NOT_FOUND'
  | 'ALREADY_EXISTS'
  | 'PERMISSION_DENIED'
  | 'RESOURCE_EXHAUSTED'
  | 'FAILED_PRECONDITION'
  | 'ABORTED'
  | 'OUT_OF_RANGE'
  | 'UNIMPLEMENTED'
  | 'INTERNAL'
  | 'UNAVAILABLE'
  | 'DATA_LOSS'
  | 'UNAUTHENTICATED';

/** An error as plain data: what crosses a process boundary and what a client is told. */
export interface PlainError {
  readonly code: ErrorCode;
  /** `UPPER_SNAKE`, stable, for programs. */
  readonly reason: string;
  /** For people: what went wrong, and what to do. */
  readonly message: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Characters of a message and of a value of its metadata: errors travel in gRPC's trailers, which hold some 8 kB. */
const MAX_MESSAGE_LENGTH = 1_500;
const MAX_METADATA_LENGTH = 300;

/** Any error whose message may be shown to a client. Every other error stays opaque outside the host. */
export class VoxhostError extends Error {
  readonly code: ErrorCode;
  readonly reason: string;
  readonly metadata: Readonly<Record<string, string>>;

  constructor(plain: PlainError, options?: { cause?: unknown }) {
    super(shorten(plain.message, MAX_MESSAGE_LENGTH), options);
    this.name = new.target.name;
    this.code = plain.code;
    this.reason = plain.reason;
    this.metadata = Object.fromEntries(
      Object.entries(plain.metadata).map(([name, value]) => [name, shorten(value, MAX_METADATA_LENGTH)]),
    );
  }
}

/** A field of a request is wrong. `field` is its path on the wire, such as `header.sizes[1]`. */
export class InvalidArgument extends VoxhostError {
  constructor(field: string, got: unknown, expected: string, options?: { reason?: string; remedy?: string }) {
    const remedy = options?.remedy ? ` ${options.remedy}` : '';
    super({
      code: 'INVALID_ARGUMENT',
      reason: options?.reason ?? 'INVALID_FIELD',
      message: `${field} is ${show(got)}, expected ${expected}.${remedy}`,
      metadata: { field, got: show(got), expected },
    });
  }
}

/** Nothing of that kind (`workflow`, `volume`, `run`, `upload`) has that id. */
export class NotFound extends VoxhostError {
  constructor(kind: string, id: string, hint = '') {
    super({
      code: 'NOT_FOUND',
      reason: `${kind.toUpperCase()}_NOT_FOUND`,
      message: `There is no ${kind} ${show(id)}.${hint ? ` ${hint}` : ''}`,
      metadata: { kind, id },
    });
  }
}

/** A limit of the host is reached. */
export class LimitExceeded extends VoxhostError {
  constructor(limit: string, unit: string, got: number, allowed: number, remedy = '') {
    super({
      code: 'RESOURCE_EXHAUSTED',
      reason: 'LIMIT_EXCEEDED',
      message: `${limit}: ${got} ${unit}, at most ${allowed} ${unit}.${remedy ? ` ${remedy}` : ''}`,
      metadata: { limit, unit, got: String(got), allowed: String(allowed) },
    });
  }
}

/** The request is right but the host's state does not allow it. */
export class FailedPrecondition extends VoxhostError {
  constructor(reason: string, message: string, metadata: Record<string, string> = {}) {
    super({ code: 'FAILED_PRECONDITION', reason, message, metadata });
  }
}

/** A bundle or model asks for something that the host does not do. `file` and `key` say where it stands. */
export class Unsupported extends VoxhostError {
  constructor(feature: string, where: { file: string; key: string }, remedy = '') {
    super({
      code: 'FAILED_PRECONDITION',
      reason: 'UNSUPPORTED',
      message: `${where.file}, ${where.key}: ${feature}.${remedy ? ` ${remedy}` : ''}`,
      metadata: { feature, file: where.file, key: where.key },
    });
  }
}

/** A bundle's file is not what it should be. `key` may be empty when the whole file is wrong. */
export class InvalidBundle extends VoxhostError {
  constructor(where: { file: string; key?: string }, message: string, options?: { cause?: unknown }) {
    const place = where.key ? `${where.file}, ${where.key}` : where.file;
    super(
      {
        code: 'FAILED_PRECONDITION',
        reason: 'INVALID_BUNDLE',
        message: `${place}: ${message}`,
        metadata: { file: where.file, key: where.key ?? '' },
      },
      options,
    );
  }
}

/** A step of a workflow failed on this run's data. */
export class OperatorFailed extends VoxhostError {
  constructor(step: string, operator: string, message: string, options?: { code?: ErrorCode; cause?: unknown }) {
    super(
      {
        code: options?.code ?? 'INTERNAL',
        reason: 'OPERATOR_FAILED',
        message: `${operator} (${step}): ${message}`,
        metadata: { step, operator },
      },
      options,
    );
  }
}

/** The work was stopped on purpose: by its caller, a deadline, undeployment or the host's end. */
export class Cancelled extends VoxhostError {
  constructor(message: string) {
    super({ code: 'CANCELLED', reason: 'CANCELLED', message, metadata: {} });
  }
}

/** An error that came as plain data from another process. */
export function fromPlainError(plain: PlainError): VoxhostError {
  return new VoxhostError(plain);
}

/** An error as plain data; one that is not ours becomes an opaque INTERNAL. */
export function toPlainError(error: unknown): PlainError {
  if (error instanceof VoxhostError) {
    return { code: error.code, reason: error.reason, message: error.message, metadata: error.metadata };
  }
  return {
    code: 'INTERNAL',
    reason: 'INTERNAL',
    message: 'The host met an error of its own; its log has the details.',
    metadata: {},
  };
}

/** Leaves out the middle of what is too long: both ends of a message say something. */
function shorten(text: string, length: number): string {
  if (text.length <= length) return text;
  return `${text.slice(0, length - 200)} … ${text.slice(text.length - 190)}`;
}

function show(value: unknown): string {
  if (value === undefined || value === null || value === '') return 'missing';
  if (typeof value === 'string') return value.length > 80 ? `"${value.slice(0, 77)}…"` : `"${value}"`;
  if (Array.isArray(value)) return `[${value.slice(0, 12).map(String).join(', ')}${value.length > 12 ? ', …' : ''}]`;
  return String(value);
}
