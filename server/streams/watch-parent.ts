// Ends this process when the host is gone, even while a pass of the network blocks the thread that would hear of it.
import { fstatSync } from 'node:fs';
import { Worker } from 'node:worker_threads';

/** Runs beside the main thread; standard input is a pipe of the host's that breaks when the host ends. */
const WATCH = `
const { Socket } = require('node:net');
const end = () => process.kill(process.pid, 'SIGKILL');
new Socket({ fd: 0 }).on('end', end).on('close', end).on('error', end).resume();
`;

/** Starts watching, where standard input is a pipe. It does not keep the process alive by itself. */
export function watchParent(): void {
  if (isPipe(0)) new Worker(WATCH, { eval: true, execArgv: [] }).unref();
}

function isPipe(descriptor: number): boolean {
  try {
    const stats = fstatSync(descriptor);
    return stats.isSocket() || stats.isFIFO();
  } catch {
    return false;
  }
}
