// What a new thread is to run.

/**
 * The module `name` beside `from`, a module's own URL: compiled in the package, TypeScript in development, where tsx has
 * to be set up in the thread itself. Start the thread without flags of Node's.
 */
export function threadEntry(from: string, name: string): URL {
  if (!from.endsWith('.ts')) return new URL(`./${name}.js`, from);
  const tsx = JSON.stringify(import.meta.resolve('tsx/esm/api'));
  const file = JSON.stringify(new URL(`./${name}.ts`, from).href);
  const source = `import { register } from ${tsx}; register(); await import(${file});`;
  return new URL(`data:text/javascript,${encodeURIComponent(source)}`);
}
