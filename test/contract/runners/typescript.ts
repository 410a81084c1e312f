// Holds one conversation of test/contract: reads it as JSON from standard input, prints how it ended as one JSON line.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { connect, type Host, type Image, VoxhostError } from '../../../clients/typescript/index.js';
import type { Ending, ProtoHeader, Task } from '../conversation.js';
import { compareMessages } from '../golden.js';

/** How a conversation succeeded: a digest. @throws VoxhostError as it failed. */
async function hold(task: Task): Promise<string> {
  if (task.do === 'messages') return String(compareMessages(JSON.parse(await readFile(task.messages!, 'utf8'))));
  const host = await connect(task.address, { token: task.token, timeoutMs: 60_000 });
  try {
    return await talk(host, task);
  } finally {
    host.close();
  }
}

async function talk(host: Host, task: Task): Promise<string> {
  if (task.do === 'list') return sha256((await host.workflows()).map(({ name }) => name).join('\n'));
  const image = await readImage(task.image!);
  if (task.do === 'transfer') return sha256((await host.download(await host.upload(image))).voxels);
  const controller = new AbortController();
  const run = await host.run(
    task.workflow!,
    { image },
    {
      parameters: task.parameters,
      signal: controller.signal,
      onEvent: (event) => {
        if (event.kind === 'progress' && event.stage === task.cancelAt) controller.abort();
      },
    },
  );
  return sha256((await host.download(run.outputs[0]!.volume)).voxels);
}

async function readImage({ voxels, header }: { voxels: string; header: ProtoHeader }): Promise<Image> {
  const componentType = header.componentType.replace('COMPONENT_TYPE_', '').toLowerCase();
  return {
    voxels: await readFile(voxels),
    header: {
      ...header,
      sizes: header.sizes.map(Number),
      componentType: componentType as Image['header']['componentType'],
    },
  };
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

async function end(task: Task): Promise<Ending> {
  try {
    return { outcome: 'succeeded', digest: await hold(task) };
  } catch (error) {
    if (!(error instanceof VoxhostError)) throw error;
    return { outcome: 'failed', class: error.code, reason: error.reason, message: error.message };
  }
}

console.log(JSON.stringify(await end(JSON.parse(await text(process.stdin)))));
