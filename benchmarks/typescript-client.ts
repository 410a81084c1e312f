// The TypeScript client beside bare grpc-js, on the same host, in turns: ratios, not seconds.
//   node --import=tsx benchmarks/typescript-client.ts HOST:PORT [MEBIBYTES] [ROUNDS]
// Bare: proto-loader's stubs, 1 MiB chunks, SHA-256 in the same loop, gRPC's own settings.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { credentials } from '@grpc/grpc-js';
import { connect, type Image } from '../clients/typescript/index.js';
import { headerToWire } from '../clients/typescript/to-wire.js';
import { loadProtocol } from '../proto/protocol.js';

const MEBIBYTE = 2 ** 20;
const [address, mebibyteWord = '1024', roundWord = '5'] = process.argv.slice(2);
const [mebibytes, rounds] = [Number(mebibyteWord), Number(roundWord)];
if (address === undefined || !(mebibytes >= 1 && rounds >= 1)) {
  throw new Error('Usage: typescript-client.ts HOST:PORT [MEBIBYTES] [ROUNDS]');
}

const { VolumeService } = loadProtocol().voxhost.v1;
const stub = new VolumeService(address, credentials.createInsecure(), {
  'grpc.max_receive_message_length': 16 * MEBIBYTE,
});
const host = await connect(address, { timeoutMs: 60_000 });
const sides = {
  ours: { upload: async (image: Image) => (await host.upload(image)).name, download: downloadOurs },
  bare: { upload, download },
};
const seconds = {
  ours: { up: [] as number[], down: [] as number[] },
  bare: { up: [] as number[], down: [] as number[] },
};

const image: Image = {
  header: {
    sizes: [1024, 1024, mebibytes],
    componentType: 'uint8',
    components: 1,
    indexToWorldLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0],
    modality: '',
  },
  voxels: Uint8Array.from({ length: MEBIBYTE }, (_, at) => (at * 31) ^ (at >> 7)),
};
const voxels = new Uint8Array(mebibytes * MEBIBYTE);
for (let at = 0; at < voxels.length; at += MEBIBYTE) voxels.set(image.voxels, at);

// The first round warms both up.
for (let round = 0; round <= rounds; round += 1) {
  for (const turn of [0, 1]) {
    const side = (round + turn) % 2 === 0 ? 'ours' : 'bare';
    voxels.set([round, turn]); // What the host has not.
    const [up, name] = await timed(() => sides[side].upload({ ...image, voxels }));
    const [down, back] = await timed(() => sides[side].download(name));
    if (back.length !== voxels.length) throw new Error('Other voxels came back.');
    await host.deleteVolume(name); // Each upload meets a host that has nothing.
    if (round === 0) continue;
    seconds[side].up.push(up);
    seconds[side].down.push(down);
  }
}
host.close();
stub.close();
const ratio = (way: 'up' | 'down'): number =>
  Math.round((100 * median(seconds.bare[way])) / median(seconds.ours[way])) / 100;
const speed = (side: 'ours' | 'bare', way: 'up' | 'down'): string =>
  (mebibytes / median(seconds[side][way])).toFixed(0);
console.error(
  `up ${speed('ours', 'up')} MiB/s beside ${speed('bare', 'up')}, down ${speed('ours', 'down')} beside ${speed('bare', 'down')}`,
);
console.log(JSON.stringify({ up: ratio('up'), down: ratio('down') }));

async function downloadOurs(name: string): Promise<Uint8Array> {
  return (await host.download(name)).voxels;
}

/** One WriteVolume; waits where the stream is full. */
async function upload({ header, voxels }: Image): Promise<string> {
  let ended: (error: Error | null, name?: string) => void = () => {};
  const answer = new Promise<string>((resolve, reject) => {
    ended = (error, name) => (error ? reject(error) : resolve(name!));
  });
  const call = stub.writeVolume((error, response) => ended(error, response?.volume?.name));
  call.write({ header: { header: headerToWire(header) } });
  const hash = createHash('sha256');
  for (let at = 0; at < voxels.length; at += MEBIBYTE) {
    const data = voxels.subarray(at, at + MEBIBYTE);
    hash.update(data);
    if (!call.write({ chunk: { offsetBytes: at, data } })) await once(call, 'drain');
  }
  call.end({ finish: { sizeBytes: voxels.length, sha256: hash.digest('hex') } });
  return answer;
}

/** One ReadVolume, compared by its digest. */
async function download(name: string): Promise<Uint8Array> {
  let [back, done, expected] = [new Uint8Array(), 0, ''];
  const hash = createHash('sha256');
  for await (const message of stub.readVolume({ name })) {
    if (message.volume) {
      expected = message.volume.sha256;
      back = new Uint8Array(message.volume.sizeBytes);
    } else if (message.chunk) {
      hash.update(message.chunk.data);
      back.set(message.chunk.data, done);
      done += message.chunk.data.length;
    }
  }
  if (hash.digest('hex') !== expected) throw new Error('Bare: other voxels came back.');
  return back;
}

async function timed<T>(work: () => Promise<T>): Promise<[seconds: number, answer: T]> {
  const start = performance.now();
  const answer = await work();
  return [(performance.now() - start) / 1000, answer];
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[values.length >> 1]!;
}
