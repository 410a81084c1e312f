// What a runner does with each message from the front: the state of the process, and nothing of the process itself.
import { setImmediate as runSoon } from 'node:timers';
import { setImmediate } from 'node:timers/promises';
import { Cancelled, FailedPrecondition, toPlainError, VoxhostError } from '../errors.js';
import type { Log } from '../log.js';
import type { DeviceAttempt, FromRunner, ToRunner } from '../runners/messages.js';
import { collectYoungGarbage } from '../threads/collect-garbage.js';
import { type LoadedWorkflow, loadWorkflow } from './load-workflow.js';
import { createStages } from './progress.js';
import { type RunRequest, runWorkflow } from './run-workflow.js';

export interface MessageLoop {
  /** Takes one message. Never throws: what goes wrong is answered. */
  receive(message: ToRunner): Promise<void>;
}

/** @param end ends the process; called once, when it was asked to and nothing runs any more. */
export function createMessageLoop(send: (message: FromRunner) => void, end: () => void, log: Log): MessageLoop {
  let loading = false;
  let workflow: LoadedWorkflow | undefined;
  let current: { readonly run: string; cancelled: boolean } | undefined;
  let ending = false;

  const plainError = (error: unknown, doing: string) => {
    if (!(error instanceof VoxhostError)) log.error('an error of our own', { doing, error });
    return toPlainError(error);
  };

  const load = async ({ type: _, ...request }: Extract<ToRunner, { type: 'load' }>): Promise<void> => {
    const attempts: DeviceAttempt[] = [];
    if (loading) return;
    loading = true;
    try {
      const loaded = await loadWorkflow({
        ...request,
        onDescribed: (description) => send({ type: 'described', description }),
        onAttempt: (attempt) => attempts.push(attempt),
      });
      workflow = loaded;
      const { loadMs, warmupMs } = loaded.network;
      send({ type: 'ready', device: loaded.network.device, attempts, loadMs, warmupMs, rssBytes: rssBytes() });
    } catch (error) {
      send({ type: 'load-failed', error: plainError(error, 'load'), attempts });
    }
  };

  const run = async (request: RunRequest): Promise<void> => {
    const id = request.run;
    if (!workflow || current) {
      const why = current ? `is busy with run ${current.run}` : 'has no model loaded';
      const error = new FailedPrecondition('RUNNER_NOT_READY', `The runner ${why}.`);
      send({ type: 'failed', run: id, error: toPlainError(error), rssBytes: rssBytes() });
      return;
    }
    const state = { run: id, cancelled: false };
    current = state;
    const throwIfCancelled = (): void => {
      if (state.cancelled) throw new Cancelled('The run was stopped.');
    };
    const stages = createStages((stage, step, stepCount) =>
      send({ type: 'progress', run: id, stage, step, stepCount }),
    );
    const checkpoint = async (): Promise<void> => {
      // A pass of the network blocks this thread; a message that came meanwhile is heard in the next turn of the loop.
      await setImmediate();
      throwIfCancelled();
    };
    const answer = await runWorkflow(workflow, request, { stages, checkpoint, throwIfCancelled }, send).then(
      () => ({ type: 'done', timings: stages.timings() }) as const,
      (error) =>
        error instanceof Cancelled
          ? ({ type: 'cancelled' } as const)
          : ({ type: 'failed', error: plainError(error, `run ${id}`) } as const),
    );
    current = undefined;
    send({ ...answer, run: id, rssBytes: rssBytes() });
    runSoon(collectYoungGarbage);
    if (ending) end();
  };

  return {
    async receive(message) {
      switch (message.type) {
        case 'load':
          return await load(message);
        case 'run':
          return await run(message);
        case 'cancel':
          if (current?.run === message.run) current.cancelled = true;
          return;
        case 'shutdown':
          ending = true;
          if (current) return;
          await workflow?.network.close();
          end();
      }
    },
  };
}

function rssBytes(): number {
  return process.memoryUsage.rss();
}
