// The program of each language that holds conversations, and how it is run.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { buildCpp, cppProgram, findCpp } from '../fixtures/cpp.js';
import { buildJavaClient, findsJava } from '../fixtures/java.js';
import { findPython } from '../fixtures/python.js';
import { buildRust, findsRust, rustProgram } from '../fixtures/rust.js';
import { ROOT } from '../fixtures/start-host.js';
import { type Ending, LANGUAGES, type Language, type Task } from './conversation.js';

const execute = promisify(execFile);
const HERE = join(ROOT, 'test', 'contract');

export interface Program {
  readonly language: Language;
  /** Gives the task on standard input and reads the one line it prints. @throws Error when it prints no such line. */
  hold(task: Task): Promise<Ending>;
}

/** The requirements of the contract's Python, which make_messages.py shares. */
export const PYTHON_REQUIREMENTS = join(HERE, 'requirements.txt');

/** The programs of the languages that are installed, or of one; `folder` takes what is compiled. */
export async function findPrograms(folder: string, only?: Language): Promise<Program[]> {
  const finders = {
    TypeScript: findTypeScript,
    Python: findPythonProgram,
    Go: () => findGo(folder),
    'C++': findCppProgram,
    Java: findJavaProgram,
    Rust: findRustProgram,
  };
  const found = await Promise.all(
    LANGUAGES.filter((language) => only === undefined || language === only).map((language) => finders[language]()),
  );
  return found.filter((program) => program !== undefined);
}

async function findTypeScript(): Promise<Program> {
  return program('TypeScript', process.execPath, ['--import=tsx', join(HERE, 'runners', 'typescript.ts')]);
}

async function findPythonProgram(): Promise<Program | undefined> {
  const python = await findPython(PYTHON_REQUIREMENTS).catch(absent);
  const env = { PYTHONPATH: join(ROOT, 'clients', 'python', 'src'), PYTHONDONTWRITEBYTECODE: '1' };
  return python === undefined ? undefined : program('Python', python, [join(HERE, 'runners', 'python.py')], env);
}

async function findGo(folder: string): Promise<Program | undefined> {
  const hasGo = await execute('go', ['version']).then(() => true, absent);
  if (!hasGo) return undefined;
  const file = join(folder, process.platform === 'win32' ? 'contract.exe' : 'contract');
  await execute('go', ['build', '-o', file, './internal/contract'], { cwd: join(ROOT, 'clients', 'go') });
  return program('Go', file, []);
}

async function findCppProgram(): Promise<Program | undefined> {
  return (await findCpp())
    ? program('C++', cppProgram(await buildCpp(), 'contract', 'voxhost-contract'), [])
    : undefined;
}

async function findJavaProgram(): Promise<Program | undefined> {
  if (!(await findsJava())) return absent(new Error('CI has a JDK and Maven'));
  const { classpath } = await buildJavaClient();
  // Short lives: no time for the better compiler.
  const quick = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xshare:auto'];
  return program('Java', 'java', [...quick, '-cp', classpath, 'io.github.voxhost.contract.Contract']);
}

async function findRustProgram(): Promise<Program | undefined> {
  if (!(await findsRust())) return absent(new Error('CI has Rust'));
  await buildRust();
  return program('Rust', rustProgram('voxhost-contract'), []);
}

/** CI must have every language; elsewhere one that is not there is left out. */
function absent(error: unknown): undefined {
  if (process.env['CI']) throw error;
  return undefined;
}

/** A language's program as a command. `env` is beside this process' own. */
export function program(
  language: Language,
  command: string,
  words: readonly string[],
  env: Record<string, string> = {},
): Program {
  return {
    language,
    async hold(task) {
      const child = spawn(command, words, {
        cwd: ROOT,
        env: { ...process.env, ...env },
        stdio: ['pipe', 'pipe', 'pipe'],
      });
      child.stdin.on('error', () => {}).end(JSON.stringify(task));
      const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
      try {
        return JSON.parse(out) as Ending;
      } catch {
        throw new Error(`${language} printed no ending: ${out}${err}`);
      }
    },
  };
}
