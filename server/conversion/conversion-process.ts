// The process that converts, from outside: started with limits, ended when it takes too long, its answer told whatever happens.
import { fork } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ConversionFailure, ConvertAnswer, ConvertRequest } from './messages.js';

/** What the process that converts may take. */
export interface ProcessLimits {
  readonly timeMs: number;
  /** JavaScript's own memory; weights are outside of it, and bounded by the file. */
  readonly heapMb: number;
}

/** A guard behind the counted limits, far beyond what the largest networks take. */
const DEFAULT_LIMITS: ProcessLimits = { timeMs: 180_000, heapMb: 1_024 };
/** Objects of an evaluation that die young are few: a larger nursery would only make a small conversion large. */
const NURSERY_MB = 2;

/** What Node is told for the process that converts. */
export function processFlags({ heapMb } = DEFAULT_LIMITS): string[] {
  return [`--max-old-space-size=${heapMb}`, `--max-semi-space-size=${NURSERY_MB}`];
}

/** Converts in a process of its own: what goes wrong there takes nothing else along. */
export async function runConversion(request: ConvertRequest, own: Partial<ProcessLimits> = {}): Promise<ConvertAnswer> {
  const limits = { ...DEFAULT_LIMITS, ...own };
  const extension = extname(new URL(import.meta.url).pathname);
  const child = fork(fileURLToPath(new URL(`convert-main${extension}`, import.meta.url)), {
    execArgv: [...processFlags(limits), ...(extension === '.ts' ? [`--import=${import.meta.resolve('tsx')}`] : [])],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  return await new Promise<ConvertAnswer>((resolve) => {
    let answer: ConvertAnswer | undefined;
    const timeout = setTimeout(() => {
      answer ??= failed('limit', `its conversion took more than ${limits.timeMs / 1000} s.`);
      child.kill('SIGKILL');
    }, limits.timeMs);
    child.on('message', (message: ConvertAnswer) => {
      answer ??= message;
    });
    child.on('error', () => {});
    child.once('close', (code, signal) => {
      clearTimeout(timeout);
      resolve(answer ?? failed('limit', howItEnded(code, signal)));
    });
    child.send(request, () => {});
  });
}

function failed(problem: ConversionFailure['problem'], detail: string): ConvertAnswer {
  return { failure: { problem, where: '', detail } };
}

/** An error that nobody foresaw ends the process with code 1; memory that ran out ends it in other ways. */
function howItEnded(code: number | null, signal: NodeJS.Signals | null): string {
  if (code === 1) return 'its conversion failed in a way that is no fault of the file: the log of the host says how.';
  return `its conversion ran out of memory (the process ended with ${signal ?? `code ${code}`}).`;
}
