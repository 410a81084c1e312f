// The process in which a device is tried (probe.ts): one model, two passes on the CPU and two on the device.
import { watchParent } from '../streams/watch-parent.js';
import { namesOf } from './check-model.js';
import { readModelFile } from './model-file.js';
import { type FloatTensor, oneLine, openSession } from './network.js';
import type { ProbeMessage, ProbeRequest } from './probe.js';

process.once('message', async (request: ProbeRequest) => {
  const last = await probe(request).catch((error): ProbeMessage => ({ error: oneLine(error) }));
  process.send?.(last, () => process.exit());
});
watchParent();

async function probe({ device, modelFile, fileName, expected, threads, dims }: ProbeRequest): Promise<ProbeMessage> {
  const model = await readModelFile(modelFile, fileName, expected);
  const input = { dims, data: new Float32Array(dims.reduce((product, size) => product * size, 1)) };
  // Whether there is an adapter at all shows at once; only then is the CPU worth its passes.
  const session = await openSession(model.forDevice(device), device, threads, namesOf(model.used));
  const cpu = await openSession(model.forDevice('cpu'), 'cpu', threads, namesOf(model.used));
  await cpu.run(input);
  const cpuPassMs = await passMs(cpu, input);
  await cpu.close();
  await new Promise((resolve) => process.send?.({ cpuPassMs } satisfies ProbeMessage, resolve));
  await session.run(input);
  return { passMs: await passMs(session, input) };
}

async function passMs(session: { run(input: FloatTensor): Promise<unknown> }, input: FloatTensor): Promise<number> {
  const started = performance.now();
  await session.run(input);
  return performance.now() - started;
}
