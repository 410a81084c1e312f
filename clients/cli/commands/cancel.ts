// `voxhost cancel RUN`: stops a run.
import { Command } from 'commander';
import { type GlobalOptions, withHost } from '../host-options.js';

export function cancelCommand(): Command {
  return new Command('cancel')
    .argument('<run>', 'its name, as `voxhost runs` lists it')
    .description('stop a run; one that has ended stays as it is')
    .addHelpText('after', '\nExamples:\n  $ voxhost cancel 0f6c1a2b')
    .action(async (name: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const run = await withHost(options, (host) => host.cancel(name));
      process.stdout.write(options.json ? `${JSON.stringify(run, null, 2)}\n` : `${run.name} is ${run.state}.\n`);
    });
}
