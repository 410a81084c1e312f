// From a bundle's folder to a plan, or to everything that stands in its way.
import { type PlainError, toPlainError, type VoxhostError } from '../errors.js';
import type { Bundle } from './bundle.js';
import { Config } from './config/config.js';
import { describeBundle } from './describe.js';
import type { Plan, PlannedInferer } from './plan.js';
import { planInferer } from './plan-inferer.js';
import { type NetworkFormat, planNetwork } from './plan-network.js';
import { planPipeline } from './plan-pipeline.js';
import { Problems } from './problems.js';
import { readBundle } from './read-bundle.js';

/**
 * Reads and plans the bundle in a folder. Voxels, and the model itself, are not looked at.
 * @throws InvalidBundle; Unsupported: the first thing that is wrong, with its file and key
 */
export async function planBundle(bundleFolder: string): Promise<Plan> {
  const { plan, problems } = await readAndPlan(bundleFolder);
  const [first] = problems;
  if (first !== undefined) throw first;
  return plan!;
}

/** As `planBundle`, but tells everything that is wrong. `plan` is there when `problems` is empty. */
export async function checkBundle(bundleFolder: string): Promise<{ plan?: Plan; problems: PlainError[] }> {
  const { plan, problems } = await readAndPlan(bundleFolder);
  return { ...(plan ? { plan } : {}), problems: problems.map(toPlainError) };
}

async function readAndPlan(bundleFolder: string): Promise<{ plan?: Plan; problems: readonly VoxhostError[] }> {
  const { bundle, problems: readProblems } = await readBundle(bundleFolder);
  if (bundle === undefined) return { problems: readProblems };
  const { plan, problems: planProblems } = planFromBundle(bundle);
  const problems = [...readProblems, ...planProblems];
  return plan !== undefined && problems.length === 0 ? { plan, problems } : { problems };
}

/** Axes of the image: one more than the network's where it sees slices. */
function imageAxes(network: NetworkFormat, inferer: PlannedInferer): number {
  return inferer.kind === 'sliding-window' && inferer.sliceAxis !== undefined ? 3 : network.spatialAxes;
}

/** Plans a bundle that has been read. Pure: no file is touched. `plan` is there when `problems` is empty. */
export function planFromBundle(bundle: Bundle): { plan?: Plan; problems: readonly VoxhostError[] } {
  const problems = new Problems();
  const config = problems.attempt(() => new Config(bundle));
  if (config === undefined) return { problems: problems.list };
  const pipeline = planPipeline(config, problems);
  const inputKey = pipeline.networkKey;
  const network = problems.attempt(() => planNetwork(bundle.metadata, config, inputKey, pipeline.outputKey));
  const { value, id } = pipeline.inferer;
  const inferer = problems.attempt(() => planInferer(value, config.placeOf(id), network?.spatialAxes ?? 3));
  if (network === undefined || inferer === undefined || problems.count > 0) return { problems: problems.list };
  const plan = {
    description: describeBundle(bundle, pipeline, { ...network, spatialAxes: imageAxes(network, inferer) }, inferer),
    bundleFolder: bundle.folder,
    preprocessing: pipeline.preprocessing,
    inferer,
    network: {
      modelFile: bundle.modelFile,
      inputKey,
      outputKey: pipeline.outputKey,
      inChannels: network.inChannels,
      outChannels: network.outChannels,
      place: { file: bundle.metadata.file, key: 'network_data_format' },
    },
    postprocessing: pipeline.postprocessing,
  };
  return { plan, problems: [] };
}
