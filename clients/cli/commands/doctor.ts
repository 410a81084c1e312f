// `voxhost doctor`: does this machine have what a host needs, and if not, how to mend it.
import { Command } from 'commander';
import { resolveConfig } from '../../../server/config.js';
import type { Finding } from '../doctor/findings.js';
import { lookAtDevices } from '../doctor/look-at-devices.js';
import { lookAtDisk, lookAtMemory, lookAtNode } from '../doctor/look-at-machine.js';
import { connectOptions, type GlobalOptions, hostAddress } from '../host-options.js';
import { EXIT } from '../report-error.js';
import { wrap } from '../table.js';

export function doctorCommand(): Command {
  return new Command('doctor')
    .option('--data <folder>', 'the data folder to look at (default: .voxhost in your home)')
    .description('check Node, memory, disk, devices and the address, and say how to mend what is wrong')
    .addHelpText('after', '\nExamples:\n  $ voxhost doctor\n  $ voxhost doctor --host gpu-server:50151 --json')
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions & { data?: string }>();
      const { lookAtAddress } = await import('../doctor/look-at-address.js');
      const { dataFolder } = resolveConfig({ data: options.data });
      const findings = [
        lookAtNode(process.versions.node),
        lookAtMemory(),
        await lookAtDisk(dataFolder),
        await lookAtAddress(hostAddress(options).address, connectOptions(options)),
        ...(await lookAtDevices()),
      ];
      const ok = findings.every(({ state }) => state !== 'bad');
      const report = { ok, findings };
      process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : formatFindings(findings, ok));
      if (!ok) process.exitCode = EXIT.failed;
    });
}

const SIGNS = { ok: 'ok  ', note: 'note', bad: 'BAD ' } as const;

function formatFindings(findings: readonly Finding[], ok: boolean): string {
  const width = Math.max(...findings.map(({ name }) => name.length));
  const indent = ' '.repeat(width + 8);
  const lines = findings.map(({ name, state, detail, remedy }) => {
    const text = [detail, remedy].filter((part) => part !== '').map((part) => wrap(part));
    return `${SIGNS[state]}  ${name.padEnd(width)}  ${text.join('\n').split('\n').join(`\n${indent}`)}\n`;
  });
  return `${lines.join('')}\n${ok ? 'A host can run here.' : 'A host cannot run here until what is marked BAD is mended.'}\n`;
}
