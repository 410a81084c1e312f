// `voxhost check BUNDLE`: would it run here, and if not, which file and key stand in its way. No host is needed.
import { basename, resolve } from 'node:path';
import { Command } from 'commander';
import { InvalidArgument } from '../../../server/errors.js';
import type { AskedShape } from '../../../server/torchscript/open-sizes.js';
import type { CheckReport } from '../check-bundle.js';
import { describeNetwork, proposeWorkflow } from '../describe-network.js';
import type { GlobalOptions } from '../host-options.js';
import { EXIT } from '../report-error.js';
import { formatDuration } from '../table.js';

export function checkCommand(): Command {
  return new Command('check')
    .argument('<bundle>', 'a MONAI bundle (its folder or its .zip), or a network of torch.jit.save')
    .option('--device <device>', 'the device to try it on', 'auto')
    .option('--no-load', 'read and plan only: leave the model alone')
    .option(
      '--shape <sizes>',
      'what a network without a workflow.yaml takes: batch, channels and sizes, as 1,1,96,96,96; -1 for any size',
    )
    .description('tell whether a bundle would run here, and if not, which file and key are in the way')
    .addHelpText(
      'after',
      '\nExamples:\n  $ voxhost check ./spleen_ct_segmentation\n  $ voxhost check bundle.zip --device cpu --json\n  $ voxhost check model.ts --shape 1,1,96,96,96\n  $ voxhost check model.ts --shape 1,1,-1,-1,-1',
    )
    .action(async (bundle: string, _options: unknown, command: Command) => {
      const { shape, ...options } = command.optsWithGlobals<
        GlobalOptions & { device: string; load: boolean; shape?: string }
      >();
      // Loaded here: no other command reads bundles.
      const { checkBundleFile } = await import('../check-bundle.js');
      const report = await checkBundleFile(bundle, { ...options, ...(shape ? { shape: readShape(shape) } : {}) });
      const name = basename(resolve(bundle));
      process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : formatReport(bundle, name, report));
      if (!report.ok) process.exitCode = EXIT.failed;
    });
}

/** −1, as MONAI writes it in `roi_size`, leaves an axis of the image open. */
function readShape(text: string): AskedShape {
  const sizes = text.split(',').map((size) => (/^\s*(-1|\d{1,6})\s*$/.test(size) ? Number(size) : 0));
  if (sizes.length < 2 || sizes.some((size, axis) => size === 0 || (size < 0 && axis < 2))) {
    const expected = 'batch, channels and sizes, such as 1,1,96,96,96, with -1 for a size that only the image tells';
    throw new InvalidArgument('--shape', text, expected);
  }
  return sizes.map((size) => (size < 0 ? 'open' : size));
}

function formatReport(bundle: string, name: string, report: CheckReport): string {
  if (report.network) return describeNetwork(name, report.network) + proposeWorkflow(bundle, name, report.network);
  const refused = report.attempts
    .filter(({ available }) => !available)
    .map(({ device, reason }) => `  not on ${device}: ${reason}\n`)
    .join('');
  if (!report.ok) {
    const list = report.problems.map(({ message }) => `  ${message}\n`).join('');
    const count = report.problems.length === 1 ? 'one problem' : `${report.problems.length} problems`;
    return `${name} cannot run: ${count}.\n${list}${refused}`;
  }
  const { description, device, loadMs = 0, warmupMs = 0 } = report;
  const takes = description?.inputs.map((input) => input.name).join(', ');
  const gives = description?.outputs.map((output) => output.name).join(', ');
  const where = device
    ? `It loads on ${device} in ${formatDuration(loadMs)}; its first pass takes ${formatDuration(warmupMs)}.\n`
    : 'Its model was not loaded.\n';
  return `${name} can run: takes ${takes}, gives ${gives}. ${where}${refused}`;
}
