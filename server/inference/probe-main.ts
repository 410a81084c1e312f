// The process in which a device is tried (probe.ts): one model, two passes on the CPU and two on the device.
import { namesOf } from './check-model.js';
import { readModelFile } from './model-file.js';
import { type FloatTensor, oneLine, openSession } from './network.js';
import type { ProbeAnswer, ProbeRequest } from './probe.js';

process.once('message', async (request: ProbeRequest) => {
  const answer = await probe(request).catch((error): ProbeAnswer => ({ error: oneLine(error) }));
  process.send?.(answer, () => process.exit());
});
process.once('disconnect', () => process.exit());

async function probe({ device, modelFile, fileName, expected, threads, dims }: ProbeRequest): Promise<ProbeAnswer> {
  const model = await readModelFile(modelFile, fileName, expected);
  const input = { dims, data: new Float32Array(dims.reduce((product, size) => product * size, 1)) };
  const secondPassMs = async (on: string) => {
    const session = await openSession(model.forDevice(on), on, threads, namesOf(model.used));
    await session.run(input);
    return await passMs(session, input);
  };
  const devicePassMs = await secondPassMs(device);
  return { passMs: devicePassMs, cpuPassMs: await secondPassMs('cpu') };
}

async function passMs(session: { run(input: FloatTensor): Promise<unknown> }, input: FloatTensor): Promise<number> {
  const started = performance.now();
  await session.run(input);
  return performance.now() - started;
}
