// The C# client as far as it can be held without .NET: the protocol generates C#, its project files are in order.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { createFolder } from '../../fixtures/scripted-bundle.js';
import { ROOT } from '../../fixtures/start-host.js';

const run = promisify(execFile);
const CLIENT = join(ROOT, 'clients', 'csharp');
const PROTO = join(ROOT, 'proto');

test('protoc makes C# of the protocol, and the client names only messages and services that are in it', async (t) => {
  const found = await run('protoc', ['--version']).then(
    () => true,
    () => false,
  );
  if (process.env['CI']) t.true(found, 'CI has protoc');
  else if (!found) {
    t.log('Left out, not installed: protoc.');
    t.pass();
    return;
  }
  const folder = await createFolder(t);
  const files = (await readdir(join(PROTO, 'voxhost', 'v1'))).filter((name) => name.endsWith('.proto'));
  await run('protoc', [
    '-I',
    PROTO,
    `--csharp_out=${folder}`,
    ...files.map((name) => join(PROTO, 'voxhost', 'v1', name)),
  ]);
  const made = await readAll(folder);
  const types = new Set([...made.matchAll(/public sealed partial class (\w+) /g)].map((match) => match[1]!));
  t.true(types.size > 50 && types.has('CreateRunRequest'), [...types].join());
  t.is((made.match(/^namespace Voxhost\.V1 \{$/gm) ?? []).length, files.length);

  const client = await readAll(join(CLIENT, 'Voxhost'));
  const named = [...client.matchAll(/new (\w+(?:Request|Header|Chunk|Finish|Key))\b/g)].map((match) => match[1]!);
  t.true(named.length >= 10);
  t.deepEqual(
    named.filter((name) => !types.has(name)),
    [],
  );
  const protos = await readAll(join(PROTO, 'voxhost', 'v1'));
  const called = [...client.matchAll(/\b(?:hosts|client|volumes|runs)\.(\w+?)(?:Async)?\(/g)].map((match) => match[1]!);
  t.true(called.length >= 7);
  t.deepEqual(
    called.filter((name) => !/^(CheckProtocol|Dispose|Explained)$/.test(name) && !protos.includes(`rpc ${name}(`)),
    [],
  );
});

test('the C# project files are well-formed and name what is there', async (t) => {
  for (const name of ['Voxhost/Voxhost.csproj', 'Example/Example.csproj']) {
    const file = join(CLIENT, name);
    const text = await readFile(file, 'utf8');
    t.is(unclosedElements(text), '', name);
    for (const [, path] of text.matchAll(
      /(?:ProjectReference Include|Protobuf Include|ProtoRoot)="([^"*]*?)(?:\/\*\.proto)?"/g,
    )) {
      t.true(existsSync(resolve(dirname(file), path!)), `${name}: ${path}`);
    }
  }
});

async function readAll(folder: string): Promise<string> {
  const names = (await readdir(folder)).filter((name) => /\.(cs|proto)$/.test(name));
  return (await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))).join('\n');
}

/** Whether each element is closed by its own name. @returns '' or what is wrong */
function unclosedElements(xml: string): string {
  const open: string[] = [];
  const rest = xml
    .replace(/<!--.*?-->/gs, '')
    .replace(/<(\/?)([A-Za-z]\w*)((?:\s+\w+="[^"<&]*")*)\s*(\/?)>/g, (_, closes, name, __, isEmpty) => {
      if (closes) return open.pop() === name ? '' : `</${name}>`;
      if (!isEmpty) open.push(name);
      return '';
    });
  return open.join() + (rest.match(/[<>]|&(?!\w+;)/)?.[0] ?? '');
}
