// `voxhost ls`: the workflows of a host.
import { Command } from 'commander';
import type { Workflow } from '../../typescript/index.js';
import { type GlobalOptions, withHost } from '../host-options.js';
import { formatDuration, formatTable } from '../table.js';

export function lsCommand(): Command {
  return new Command('ls')
    .description('list the workflows of the host')
    .addHelpText('after', '\nExamples:\n  $ voxhost ls\n  $ voxhost ls --host gpu-server:50151 --json')
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const workflows = await withHost(options, (host) => host.workflows());
      process.stdout.write(options.json ? `${JSON.stringify(workflows, null, 2)}\n` : formatWorkflows(workflows));
    });
}

function formatWorkflows(workflows: readonly Workflow[]): string {
  if (workflows.length === 0) return 'No workflow is deployed. Deploy one: voxhost deploy BUNDLE\n';
  const rows = workflows.map((workflow) => [
    workflow.name,
    workflow.version,
    workflow.state === 'ready' && !workflow.resident ? 'ready (asleep)' : workflow.state,
    workflow.device,
    workflow.typicalDurationMs === undefined ? '' : formatDuration(workflow.typicalDurationMs),
    workflow.title || workflow.task,
  ]);
  const failures = workflows.flatMap(({ name, failure, reloadFailure }) => [
    ...(failure ? [`${name} failed: ${failure}`] : []),
    ...(reloadFailure ? [`${name}: a newer version was refused, the one before stays: ${reloadFailure}`] : []),
  ]);
  const table = formatTable(['NAME', 'VERSION', 'STATE', 'DEVICE', 'TAKES', 'TITLE'], rows, [4]);
  return table + failures.map((line) => `\n${line}\n`).join('');
}
