// `voxhost runs`: the runs of a host.
import { Command, InvalidArgumentError } from 'commander';
import type { Run } from '../../typescript/index.js';
import { type GlobalOptions, withHost } from '../host-options.js';
import { formatDuration, formatTable } from '../table.js';

export function runsCommand(): Command {
  return new Command('runs')
    .option('-n, --limit <count>', 'how many, the newest first', parseCount, 20)
    .description('list the runs of the host, the newest first')
    .addHelpText('after', '\nExamples:\n  $ voxhost runs\n  $ voxhost runs -n 5 --json')
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions & { limit: number }>();
      const runs = await withHost(options, (host) => host.runs({ limit: options.limit }));
      process.stdout.write(options.json ? `${JSON.stringify(runs, null, 2)}\n` : formatRuns(runs));
    });
}

function formatRuns(runs: readonly Run[]): string {
  if (runs.length === 0) return 'No run yet.\n';
  const rows = runs.map((run) => [
    run.name,
    run.workflow,
    run.state,
    run.createTimeMs === undefined ? '' : localTime(run.createTimeMs),
    run.startTimeMs !== undefined && run.endTimeMs !== undefined ? formatDuration(run.endTimeMs - run.startTimeMs) : '',
    run.error?.message ?? '',
  ]);
  return formatTable(['RUN', 'WORKFLOW', 'STATE', 'CREATED', 'TOOK', ''], rows, [4]);
}

/** `2026-11-24 22:53:25` in the time zone of this machine. */
function localTime(ms: number): string {
  return new Date(ms).toLocaleString('sv-SE');
}

function parseCount(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('It must be a whole number of at least 1.');
  return Number(text);
}
