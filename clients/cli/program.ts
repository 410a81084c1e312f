// The command line as a whole: global options, commands, help.
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { cancelCommand } from './commands/cancel.js';
import { checkCommand } from './commands/check.js';
import { deployCommand } from './commands/deploy.js';
import { doctorCommand } from './commands/doctor.js';
import { lsCommand } from './commands/ls.js';
import { runCommand } from './commands/run.js';
import { runsCommand } from './commands/runs.js';
import { serveCommand } from './commands/serve.js';
import { showCommand } from './commands/show.js';
import { undeployCommand } from './commands/undeploy.js';
import { EXIT_CODES_HELP } from './report-error.js';

/** The `voxhost` program with all its commands. */
export function createProgram(): Command {
  const program = new Command('voxhost')
    .description('A resident gRPC host for medical-imaging AI, and the tool to use one.')
    .version(packageVersion())
    .option('--host <address>', 'host:port or unix:PATH of the host (default 127.0.0.1:50151, or VOXHOST_HOST)')
    .option('--token-file <file>', 'a file with the bearer token of the host (or VOXHOST_TOKEN_FILE, VOXHOST_TOKEN)')
    .option('--tls-ca <file>', 'speak TLS and trust this authority (PEM); "system" trusts those of the system')
    .option('--json', 'machine-readable output')
    .showHelpAfterError('(add --help for what it takes)')
    .configureHelp({ showGlobalOptions: true })
    .exitOverride();
  program.addHelpText(
    'after',
    `
Examples:
  $ voxhost serve --workflows ./bundles
  $ voxhost ls
  $ voxhost run brain_extraction head.nii.gz --preview head.png

${EXIT_CODES_HELP}`,
  );
  const commands = [
    serveCommand,
    lsCommand,
    showCommand,
    runCommand,
    deployCommand,
    undeployCommand,
    checkCommand,
    runsCommand,
    cancelCommand,
    doctorCommand,
  ];
  for (const create of commands) program.addCommand(inherit(program, create()));
  return program;
}

/** A command made on its own does not take its parent's settings over by itself. */
function inherit(program: Command, command: Command): Command {
  return command.copyInheritedSettings(program);
}

function packageVersion(): string {
  // From clients/cli/ in the source and from dist/clients/cli/ in the package, the file is two folders up.
  const file = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
