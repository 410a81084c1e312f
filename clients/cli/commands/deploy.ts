// `voxhost deploy BUNDLE`: a bundle onto a host.
import { basename, resolve } from 'node:path';
import { Command } from 'commander';
import { type GlobalOptions, withHost } from '../host-options.js';
import { listenForInterrupt } from '../interrupt.js';
import { createProgressView } from '../progress.js';
import { formatBytes } from '../table.js';

export function deployCommand(): Command {
  return new Command('deploy')
    .argument(
      '<bundle>',
      'a MONAI bundle (its folder or its .zip), or a network of torch.jit.save beside a workflow.yaml',
    )
    .option('--name <name>', "the workflow's name (default: that of the folder or zip)")
    .description('deploy a bundle, and wait until it is loaded and warm')
    .addHelpText(
      'after',
      '\nExamples:\n  $ voxhost deploy ./spleen_ct_segmentation\n  $ voxhost deploy model.zip --name liver --host gpu-server:50151',
    )
    .action(async (bundle: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions & { name?: string }>();
      const name = options.name ?? basename(resolve(bundle)).replace(/\.(?:zip|ts|pt|pth)$/i, '');
      const view = createProgressView(process.stderr);
      const interrupt = listenForInterrupt(view.say);
      try {
        let sentBytes = 0;
        const workflow = await withHost(options, (host) =>
          host.deploy(name, bundle, {
            signal: interrupt.signal,
            onProgress: ({ doneBytes }) => {
              sentBytes = doneBytes;
            },
          }),
        );
        if (options.json) process.stdout.write(`${JSON.stringify(workflow, null, 2)}\n`);
        else
          process.stdout.write(
            `${workflow.name} ${workflow.version} is ${workflow.state} on ${workflow.device} (${formatBytes(sentBytes)} sent).\n`,
          );
      } finally {
        view.end();
        interrupt.dispose();
      }
    });
}
