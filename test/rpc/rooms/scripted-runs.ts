// The run room with a test as its author: runs wait until the test says what happens to them.
import { EventEmitter, once } from 'node:events';
import { FailedPrecondition, NotFound } from '../../../server/errors.js';
import type { Run, RunEvent, RunHappening, RunRequest, Runs } from '../../../server/runs/run.js';

export interface ScriptedRun {
  readonly name: string;
  readonly request: RunRequest;
  /** Lets something happen; `succeeded`, `failed` and `cancelled` end the run. */
  happen(happening: RunHappening): void;
  /** The run as it is now. */
  current(): Run;
  /** Resolves with the reason when somebody asks the run to stop before it has ended. */
  readonly stopped: Promise<string>;
}

export interface ScriptedRuns extends Runs {
  /** Resolves with the next run that is created. */
  nextRun(): Promise<ScriptedRun>;
  /** The next `createRun` throws this. */
  refuseNext(error: Error): void;
  /** How many watch now. */
  watchers(): number;
}

const ENDS = new Set(['succeeded', 'failed', 'cancelled']);

export function createScriptedRuns(): ScriptedRuns {
  const scripts = new Map<string, ScriptedRun & { readonly events: RunEvent[]; readonly changes: EventEmitter }>();
  const created = new EventEmitter();
  const waiting: ScriptedRun[] = [];
  let refusal: Error | undefined;
  let watching = 0;

  const find = (name: string) => {
    const script = scripts.get(name);
    if (!script) throw new NotFound('run', name);
    return script;
  };
  const hasEnded = (events: readonly RunEvent[]): boolean => ENDS.has(events.at(-1)?.kind ?? '');

  const createScript = (request: RunRequest) => {
    const name = `run-${scripts.size + 1}`;
    const events: RunEvent[] = [];
    const changes = new EventEmitter().setMaxListeners(0);
    let stop = (_reason: string): void => {};
    const stopped = new Promise<string>((resolve) => {
      stop = resolve;
    });
    let run: Run = {
      name,
      request,
      parameters: request.parameters,
      state: 'queued',
      outputs: [],
      createTimeMs: 1_700_000_000_000 + scripts.size,
      timings: [],
    };
    const happen = (happening: RunHappening): void => {
      if (happening.kind === 'started') run = { ...run, state: 'running', startTimeMs: run.createTimeMs + 1 };
      if (happening.kind === 'output-ready') run = { ...run, outputs: [...run.outputs, happening.output] };
      if (happening.kind === 'failed') run = { ...run, state: 'failed', error: happening.error };
      if (happening.kind === 'succeeded' || happening.kind === 'cancelled') run = { ...run, state: happening.kind };
      if (happening.kind === 'cancelled') stop(happening.reason);
      events.push({ sequence: events.length + 1, run: name, timeMs: run.createTimeMs, ...happening });
      changes.emit('change');
    };
    return { name, request, events, changes, stopped, happen, current: () => run };
  };

  return {
    async createRun(request) {
      const refused = refusal;
      refusal = undefined;
      if (refused) throw refused;
      const script = createScript(request);
      scripts.set(script.name, script);
      waiting.push(script);
      created.emit('run');
      return script.current();
    },
    getRun: (name) => find(name).current(),
    listRuns: () => [...scripts.values()].map((script) => script.current()).reverse(),
    async *watchRun(name, afterSequence, signal) {
      const { events, changes } = find(name);
      watching++;
      try {
        for (let next = afterSequence; ; next++) {
          while (events.length <= next) await once(changes, 'change', { signal });
          yield events[next]!;
          if (ENDS.has(events[next]!.kind)) return;
        }
      } finally {
        watching--;
      }
    },
    async cancelRun(name, reason) {
      const { events, happen, current } = find(name);
      if (!hasEnded(events)) happen({ kind: 'cancelled', reason });
      return current();
    },
    async deleteRun(name) {
      if (!hasEnded(find(name).events)) throw new FailedPrecondition('RUN_NOT_ENDED', `${name} has not ended.`);
      scripts.delete(name);
    },
    async drain() {},
    async close() {},
    async nextRun() {
      while (waiting.length === 0) await once(created, 'run');
      return waiting.shift()!;
    },
    refuseNext(error) {
      refusal = error;
    },
    watchers: () => watching,
  };
}
