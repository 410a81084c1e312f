// `voxhost serve`: a host, until Ctrl-C.
import { Command, InvalidArgumentError } from 'commander';
import { DEVICES, type HostOptions } from '../../../server/config.js';

export function serveCommand(): Command {
  return new Command('serve')
    .description('start a host and keep its workflows warm')
    .option('--address <address>', 'HOST:PORT or unix:PATH to listen at (default 127.0.0.1:50151)')
    .option('--workflows <folder>', 'the folder of bundles, watched (default: workflows/ in the data folder)')
    .option('--data <folder>', 'the folder for volumes and runs (default: .voxhost in your home)')
    .option('--device <device>', `one of ${DEVICES.join(', ')} (default auto: the first that works)`)
    .option('--threads <count>', 'threads of one model (default: all cores)', parseCount)
    .option('--store-quota <size>', 'bytes that volumes may take on disk, such as 32GiB', parseSize)
    .option('--model-memory <size>', 'bytes of memory that idle models may keep, such as 8GiB', parseSize)
    .option('--tls-cert <file>', 'certificate chain (PEM); with --tls-key')
    .option('--tls-key <file>', 'private key (PEM)')
    .option('--insecure', 'let any machine in without TLS and token: only on a network that nobody else is on')
    .option('--no-deploy', 'refuse deployment over the wire')
    .option('--child', 'for programs: say the address on standard output, and end when standard input does')
    .addHelpText(
      'after',
      `
On another address than this machine's own, a host wants --tls-cert, --tls-key and --token-file.

Examples:
  $ voxhost serve
  $ voxhost serve --workflows ./bundles --device cpu
  $ voxhost serve --address 0.0.0.0:50151 --tls-cert host.pem --tls-key host.key --token-file token.txt`,
    )
    .action(async (_options: unknown, command: Command) => {
      const { child = false, ...options } = command.optsWithGlobals() as ServeOptions;
      await serve(hostOptions(options), child);
    });
}

/** Serves until a signal, or until the process that started it as a child is gone. */
async function serve(options: HostOptions, isChild: boolean): Promise<void> {
  // Loaded here: no other command needs the host's own code.
  const { startHost } = await import('../../../server/main.js');
  const host = await startHost(options);
  process.send?.({ type: 'listening', address: host.address });
  if (isChild) process.stdout.write(`${JSON.stringify({ address: host.address })}\n`);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
    if (process.send) process.once('disconnect', resolve);
    // A parent in another language: whatever ends it closes the pipe.
    if (isChild) process.stdin.once('error', resolve).once('end', resolve).resume();
  });
  process.once('SIGINT', () => process.exit(130));
  await host.stop();
  // The channel to a parent would keep this process alive after a signal.
  if (process.connected) process.disconnect();
}

interface ServeOptions extends HostOptions {
  readonly storeQuota?: number;
  readonly modelMemory?: number;
  readonly child?: boolean;
}

function hostOptions({ storeQuota, modelMemory, ...rest }: ServeOptions): HostOptions {
  return { ...rest, storeQuotaBytes: storeQuota, modelMemoryBytes: modelMemory };
}

function parseCount(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError('It must be a whole number of at least 1.');
  return Number(text);
}

/** `32GiB`, `500MB`, `1073741824`. */
function parseSize(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([KMGT]?)(i?)B?$/i.exec(text);
  if (!match) throw new InvalidArgumentError('It must be a size such as 32GiB or 500MB.');
  const power = ['', 'K', 'M', 'G', 'T'].indexOf(match[2]!.toUpperCase());
  return Math.floor(Number(match[1]) * (match[3] ? 1024 : 1000) ** power);
}
