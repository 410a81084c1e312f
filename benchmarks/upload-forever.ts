// Four uploads at a time, for as long as it lives: the load of health-under-load.ts, in a process of its own.
import { randomBytes } from 'node:crypto';
import { connect } from '../clients/typescript/index.js';

const SIZES = [256, 256, 512];
const client = await connect(process.argv[2]!);
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
process.once('disconnect', () => process.exit());
await Promise.all(Array.from({ length: 4 }, uploadForever));
