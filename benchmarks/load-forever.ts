// Four uploads at a time and a model that runs, for as long as it lives: the load of health-under-load.ts, in a process
// of its own, so that what a client does with answers does not count as the host's time.
import { randomBytes } from 'node:crypto';
import { connect } from '../clients/typescript/index.js';

const [address, workflow, image] = process.argv.slice(2) as [string, string, string];

const SIZES = [256, 256, 512];
const client = await connect(address);
const header = {
  sizes: SIZES,
  componentType: 'uint8' as const,
  components: 1,
  indexToWorldLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0],
  modality: '',
};

async function uploadForever(): Promise<void> {
  const voxels = randomBytes(SIZES.reduce((a, b) => a * b));
  for (;;) {
    randomBytes(8).copy(voxels);
    const { name, sizeBytes } = await client.upload({ header, voxels });
    process.send?.({ uploadedBytes: sizeBytes });
    await client.deleteVolume(name);
  }
}

async function runForever(): Promise<void> {
  const volume = await client.volume(image);
  for (;;) {
    await client.run(workflow, { image: volume });
    process.send?.({ runs: 1 });
  }
}
process.once('disconnect', () => process.exit());
await Promise.all([...Array.from({ length: 4 }, uploadForever), runForever()]);
