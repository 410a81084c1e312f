// Holds conversations: brings up host and network, lets a language's program talk, compares how it ended.
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Host, type Image, readImageFile } from '../../clients/typescript/index.js';
import { headerAsProtoJson } from '../fixtures/go.js';
import { HEAD_MRI, ROOT } from '../fixtures/start-host.js';
import type { Conversation, Ending, ProtoHeader, Task } from './conversation.js';
import { type ContractHost, openHost } from './hosts.js';
import { findPrograms, type Program } from './languages.js';
import { type Network, openNetwork } from './network.js';

const HERE = join(ROOT, 'test', 'contract');
const MASK = join(ROOT, 'test', 'fixtures', 'expected', 'head-mri_deepbet_onnx.nii.gz');

/** How a conversation went: `fault` says in what it was not as expected, and is empty when it held. */
export interface Verdict {
  readonly conversation: Conversation;
  readonly language: Program['language'];
  readonly fault: string;
}

/** What to hold, and whom to tell. */
export interface HoldOptions {
  /** Those of conversations.json when not given. */
  readonly conversations?: readonly Conversation[];
  /** All that are here when not given. */
  readonly language?: Program['language'];
  /** In place of those that are found: a language's program built in another way. */
  readonly programs?: readonly Program[];
  /** Called as each ends. */
  readonly onVerdict?: (verdict: Verdict) => void;
}

/** Holds each conversation in each language that is here. */
export async function holdAll(options: HoldOptions = {}): Promise<Verdict[]> {
  const folder = await mkdtemp(join(tmpdir(), 'voxhost-contract-'));
  const shared = new Map<string, Promise<ContractHost>>();
  try {
    const programs = options.programs ?? (await findPrograms(folder, options.language));
    const images = await writeImages(folder);
    const verdicts: Verdict[] = [];
    for (const conversation of options.conversations ?? (await readConversations())) {
      const hold = async (program: Program): Promise<void> => {
        const fault = await holdOne(conversation, program, images, shared).catch((error: Error) => error.message);
        const verdict = { conversation, language: program.language, fault };
        verdicts.push(verdict);
        options.onVerdict?.(verdict);
      };
      // Where a run is looked for on the host it must be the only one.
      const isAlone =
        conversation.atNetwork !== undefined ||
        conversation.cancelledInQueue === true ||
        conversation.client.cancelAt !== undefined;
      if (isAlone) for (const program of programs) await hold(program);
      else await Promise.all(programs.map(hold));
    }
    return verdicts;
  } finally {
    for (const host of shared.values()) await host.then((one) => one.stop());
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** The conversations that every client holds. */
export async function readConversations(): Promise<Conversation[]> {
  return JSON.parse(await readFile(join(HERE, 'conversations.json'), 'utf8'));
}

interface PreparedImage {
  readonly task: NonNullable<Task['image']>;
  readonly sha256: string;
}

/** @returns what was not as expected; '' when the conversation held */
async function holdOne(
  conversation: Conversation,
  program: Program,
  images: ReadonlyMap<string, PreparedImage>,
  shared: Map<string, Promise<ContractHost>>,
): Promise<string> {
  const { client, expect, network: faults, atNetwork } = conversation;
  const image = client.image === undefined ? undefined : images.get(client.image)!;
  // Whoever harms its host, or must not find its voxels there already, has one of its own.
  const isOwn = atNetwork !== undefined || faults !== undefined || conversation.cancelledInQueue === true;
  const host = await (isOwn ? openHost(conversation.host) : sharedHost(conversation.host, shared));
  // The host that follows stands ready, so that nothing here depends on a client's patience.
  const isReplaced = faults?.cutIsRestart || atNetwork === 'restart';
  const successor = isReplaced ? await openHost(conversation.host) : undefined;
  const network = await openNetwork(host.address, {
    ...faults,
    onCut: (self) => {
      if (successor) self.cutOver(successor.address);
      else if (faults?.cutIsFinal) self.vanish();
      else self.cut();
    },
  });
  try {
    if (conversation.cancelledInQueue) await occupy(host.client!, client.workflow!);
    const disturbed = conversation.cancelledInQueue
      ? cancelWaiting(host.client!)
      : atNetwork && disturb(atNetwork, { host, successor, network, workflow: client.workflow! });
    disturbed?.catch(() => {});
    const ending = await program.hold({
      do: client.do,
      // Without faults straight to the host: the proxy would hide that nothing listens.
      address: isOwn ? network.address : host.address,
      ...(client.token === undefined ? {} : { token: client.token }),
      ...(client.workflow === undefined ? {} : { workflow: client.workflow }),
      ...(client.parameters === undefined ? {} : { parameters: client.parameters }),
      ...(client.cancelAt === undefined ? {} : { cancelAt: client.cancelAt }),
      ...(image === undefined ? {} : { image: image.task }),
      ...(client.do === 'messages' ? { messages: join(HERE, 'messages.json') } : {}),
    });
    const fault = compareEnding(ending, expect, await digestOf(conversation, image));
    if (fault !== '') return fault;
    await disturbed;
    const cutsDue = faults?.cutUpAfterBytes || faults?.cutDownAfterBytes || faults?.cutAtCall ? 1 : 0;
    if (network.cutsMade() !== cutsDue) return 'the connection was not cut: the conversation shows nothing';
    return expect.runState ? await checkRun(host.client!, expect.runState) : '';
  } finally {
    await network.close();
    if (isOwn) await host.stop();
    await successor?.stop();
  }
}

function sharedHost(wanted: Conversation['host'], shared: Map<string, Promise<ContractHost>>): Promise<ContractHost> {
  const key = JSON.stringify(wanted);
  const host = shared.get(key) ?? openHost(wanted);
  shared.set(key, host);
  return host;
}

/** Waits until the run's network computes, then does what the conversation says. */
async function disturb(what: NonNullable<Conversation['atNetwork']>, at: Scene): Promise<void> {
  const watcher = at.host.client!;
  await untilNetwork(watcher);
  if (what === 'cut') at.network.cut();
  else if (what === 'vanish') at.network.vanish();
  else if (what === 'undeploy') await watcher.undeploy(at.workflow);
  else at.network.cutOver(at.successor!.address);
}

/** Gives the host a run that takes long enough to keep others waiting. */
async function occupy(watcher: Host, workflow: string): Promise<void> {
  const image = await readImageFile(HEAD_MRI);
  await watcher.createRun(workflow, { image }, { parameters: { overlap: 0.95 } });
  await untilNetwork(watcher);
}

/** Cancels the run that comes to wait behind another. */
async function cancelWaiting(watcher: Host): Promise<void> {
  for (;;) {
    const waiting = (await watcher.runs()).find(({ state }) => state === 'queued');
    if (waiting) {
      await watcher.cancel(waiting.name);
      return;
    }
    // Nothing announces a run: ask until there is one.
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

interface Scene {
  readonly host: ContractHost;
  readonly successor: ContractHost | undefined;
  readonly network: Network;
  readonly workflow: string;
}

async function untilNetwork(watcher: Host): Promise<void> {
  // Nothing announces a run: ask until there is one.
  let [run] = await watcher.runs();
  while (run === undefined) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    [run] = await watcher.runs();
  }
  for await (const event of watcher.watchRun(run.name)) {
    if (event.kind === 'progress' && event.stage === 'network') return;
  }
  throw new Error('the run ended before its network computed');
}

function compareEnding(ending: Ending, expect: Conversation['expect'], digest: string | undefined): string {
  const wanted = { outcome: expect.outcome, class: expect.class, reason: expect.reason, digest };
  for (const field of ['outcome', 'class', 'reason', 'digest'] as const) {
    if (ending[field] !== wanted[field]) {
      return `${field}: ${ending[field]}, expected ${wanted[field]}. ${ending.message ?? ''}`;
    }
  }
  return '';
}

/** Of what must come out: by node's own SHA-256 of MONAI's mask, of the voxels sent, of the folders' names. */
async function digestOf({ expect, host }: Conversation, image: PreparedImage | undefined): Promise<string | undefined> {
  switch (expect.digest) {
    case 'mask':
      return sha256((await readImageFile(MASK)).voxels);
    case 'image':
      return image!.sha256;
    case 'workflows':
      return sha256([...host.workflows!].sort().join('\n'));
    case 'messages':
      return String(JSON.parse(await readFile(join(HERE, 'messages.json'), 'utf8')).length);
    case undefined:
      return undefined;
  }
}

/** The newest run has ended as it should. */
async function checkRun(watcher: Host, state: string): Promise<string> {
  const [run] = await watcher.runs();
  for await (const _ of watcher.watchRun(run!.name));
  const ended = await watcher.getRun(run!.name);
  return ended.state === state ? '' : `on the host the run is ${ended.state}, expected ${state}`;
}

async function writeImages(folder: string): Promise<ReadonlyMap<string, PreparedImage>> {
  const plain = { componentType: 'uint8', components: 1, modality: 'MR' } as const;
  const oblique = [-0.5, 0, 0.125, 90.25, 0, -0.75, 0, 126, 0, 0.25, 2, -72];
  const made: Record<string, Image> = {
    'head-mri': await readImageFile(HEAD_MRI),
    noise: { header: { ...plain, sizes: [256, 256, 128], indexToWorldLps: oblique }, voxels: noise(2 ** 23) },
    small: { header: { ...plain, sizes: [2, 3, 4], indexToWorldLps: oblique }, voxels: noise(24) },
    flat: {
      header: { ...plain, sizes: [2, 3, 4], indexToWorldLps: [1, 0, 0, 0, 0, 1, 0, 0, 1, 1, 0, 0] },
      voxels: noise(24),
    },
    rgb: { header: { ...plain, components: 3, sizes: [2, 3, 4], indexToWorldLps: oblique }, voxels: noise(72) },
  };
  const images = new Map<string, PreparedImage>();
  for (const [name, { header, voxels }] of Object.entries(made)) {
    const file = join(folder, `${name}.raw`);
    await writeFile(file, voxels);
    images.set(name, {
      task: { voxels: file, header: headerAsProtoJson(header) as ProtoHeader },
      sha256: sha256(voxels),
    });
  }
  return images;
}

/** Bytes that do not compress and are the same each time. */
function noise(bytes: number): Uint8Array {
  const blocks = Array.from({ length: Math.ceil(bytes / 32) }, (_, index) =>
    createHash('sha256').update(String(index)).digest(),
  );
  return Buffer.concat(blocks).subarray(0, bytes);
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
