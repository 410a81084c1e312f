// `voxhost undeploy WORKFLOW`: takes a workflow off a host.
import { Command } from 'commander';
import { type GlobalOptions, withHost } from '../host-options.js';

export function undeployCommand(): Command {
  return new Command('undeploy')
    .argument('<workflow>', 'its name, as `voxhost ls` lists it')
    .description('take a workflow away: its runs are cancelled, its folder on the host is removed')
    .addHelpText('after', '\nExamples:\n  $ voxhost undeploy old_model')
    .action(async (name: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      await withHost(options, (host) => host.undeploy(name));
      process.stdout.write(options.json ? `${JSON.stringify({ undeployed: name })}\n` : `${name} is gone.\n`);
    });
}
