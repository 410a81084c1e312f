// One run in the runner: files in, the plan, files out.
import { join } from 'node:path';
import { OperatorFailed } from '../errors.js';
import type { Image } from '../imaging/image.js';
import { imageFromVolume } from '../imaging/volume-view.js';
import { type FromRunner, outputFileName, type ToRunner } from '../runners/messages.js';
import { checkInputs } from './check-input.js';
import { type ExecuteContext, executePlan } from './execute-plan.js';
import type { LoadedWorkflow } from './load-workflow.js';
import { readVolume } from './read-volume.js';
import { writeOutput } from './write-output.js';

export type RunRequest = Extract<ToRunner, { type: 'run' }>;
export type OutputMessage = Extract<FromRunner, { type: 'output' }>;

/**
 * Reads the inputs, executes the plan and writes every output into `outputFolder`, telling of each as it is complete.
 * @throws InvalidArgument naming the input that does not fit; Cancelled; OperatorFailed naming the step
 */
export async function runWorkflow(
  { plan, network, threads }: LoadedWorkflow,
  request: RunRequest,
  context: Omit<ExecuteContext, 'threads'>,
  onOutput: (output: OutputMessage) => void,
): Promise<void> {
  const { stages, checkpoint } = context;
  const { description } = plan;
  checkInputs(request.inputs, description.inputs);
  const images = new Map<string, Image>();
  await stages.perform('read', async () => {
    for (const input of description.inputs) {
      const given = request.inputs[input.name];
      if (!given) continue;
      const bytes = await readVolume(given.file, given.header, threads, checkpoint);
      images.set(input.name, { ...imageFromVolume(bytes, given.header, input.spatialAxes), owned: true });
    }
  });
  const results = await executePlan(plan, network, images, request.parameters, { ...context, threads });
  await stages.perform('write', async () => {
    for (const [index, { name, kind }] of description.outputs.entries()) {
      const image = results.get(name);
      if (!image) throw new OperatorFailed('write', 'write', `there is no image "${name}" at the end of the plan`);
      const file = join(request.outputFolder, outputFileName(request.run, index));
      const written = await writeOutput(image, file, kind, checkpoint);
      onOutput({ type: 'output', run: request.run, name, file, ...written });
    }
  });
}
