// `voxhost check BUNDLE`: would it run here, and if not, which file and key stand in its way. No host is needed.
import { basename, resolve } from 'node:path';
import { Command } from 'commander';
import type { CheckReport } from '../check-bundle.js';
import type { GlobalOptions } from '../host-options.js';
import { EXIT } from '../report-error.js';
import { formatDuration } from '../table.js';

export function checkCommand(): Command {
  return new Command('check')
    .argument('<bundle>', 'a MONAI bundle: its folder or its .zip')
    .option('--device <device>', 'the device to try it on', 'auto')
    .option('--no-load', 'read and plan only: leave the model alone')
    .description('tell whether a bundle would run here, and if not, which file and key are in the way')
    .addHelpText(
      'after',
      '\nExamples:\n  $ voxhost check ./spleen_ct_segmentation\n  $ voxhost check model.zip --device cpu --json',
    )
    .action(async (bundle: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions & { device: string; load: boolean }>();
      // Loaded here: no other command reads bundles.
      const { checkBundleFile } = await import('../check-bundle.js');
      const report = await checkBundleFile(bundle, options);
      const name = basename(resolve(bundle));
      process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : formatReport(name, report));
      if (!report.ok) process.exitCode = EXIT.failed;
    });
}

function formatReport(name: string, report: CheckReport): string {
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
