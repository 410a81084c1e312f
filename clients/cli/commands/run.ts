// `voxhost run WORKFLOW FILE…`: sends images, shows progress, writes the results beside a summary.
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Command } from 'commander';
import { VoxhostError } from '../../../server/errors.js';
import { readImageFile, writeImageFile } from '../../../server/imaging/formats/image-file.js';
import type { Host, Image, ImageFile, Run, Workflow } from '../../typescript/index.js';
import { startChildHost } from '../child-host.js';
import { connectOptions, type GlobalOptions, hostAddress } from '../host-options.js';
import { listenForInterrupt } from '../interrupt.js';
import { createProgressView, type ProgressView } from '../progress.js';
import { assignInputs, fileStem, parseParameters, planResultFiles, splitPair } from '../run-files.js';
import { formatRunSummary } from '../run-summary.js';

interface RunCommandOptions extends GlobalOptions {
  readonly output?: string;
  readonly input?: readonly string[];
  readonly param?: readonly string[];
  readonly preview?: string;
  readonly workflows?: string;
  readonly data?: string;
  readonly device?: string;
}

const collect = (value: string, before: readonly string[] = []) => [...before, value];

export function runCommand(): Command {
  return new Command('run')
    .argument('<workflow>', 'its name, as `voxhost ls` lists it')
    .argument('[files...]', "images (.nii, .nii.gz, .nrrd, .mha), in the order of the workflow's inputs")
    .description('run a workflow on images and write what it finds')
    .option('-o, --output <file>', 'where the result goes: a file, or a folder (default: FILE_OUTPUT.nii.gz here)')
    .option('--input <name=file>', 'an input by its name; may be given several times', collect)
    .option('--param <name=value>', 'a parameter; may be given several times', collect)
    .option('--preview <png>', 'also draw the result over the image')
    .option('--workflows <folder>', 'folder of bundles, if a host has to be started for this run')
    .option('--data <folder>', 'data folder, if a host has to be started for this run')
    .option('--device <device>', 'device, if a host has to be started for this run')
    .addHelpText(
      'after',
      `
Without --host, and when no host runs at the default address, one is started for the run and stopped after it.
Ctrl-C cancels the run on the host.

Examples:
  $ voxhost run brain_extraction head.nii.gz
  $ voxhost run brain_extraction head.nii.gz -o mask.nrrd --preview head.png
  $ voxhost run brats --input image=patient1.nii.gz --param overlap=0.25 --host gpu-server:50151`,
    )
    .action(async (workflow: string, files: string[], _options: unknown, command: Command) =>
      run(workflow, files, command.optsWithGlobals<RunCommandOptions>()),
    );
}

async function run(name: string, files: readonly string[], options: RunCommandOptions): Promise<void> {
  const view = createProgressView(process.stderr);
  const interrupt = listenForInterrupt(view.say);
  const { signal } = interrupt;
  let child: Awaited<ReturnType<typeof startChildHost>> | undefined;
  let host: Host | undefined;
  try {
    // Files first: a wrong name should not wait for a host.
    const images = await readImages(
      [...files, ...(options.input ?? []).map((text) => splitPair('--input', text)[1])],
      view,
    );
    ({ host, child } = await reachHost(options, view, signal));
    const workflow = await waitUntilRead(host, name, signal);
    const inputFiles = assignInputs(workflow, files, options.input ?? []);
    const resultFiles = planResultFiles(workflow.outputs, Object.values(inputFiles), options.output);
    const inputs = Object.fromEntries(Object.entries(inputFiles).map(([input, file]) => [input, images.get(file)!]));
    const startMs = performance.now();
    const done = await host.run(name, inputs, {
      parameters: parseParameters(workflow, options.param ?? []),
      signal,
      onEvent: view.event,
      onUpload: (input, { doneBytes, totalBytes }) => view.upload(input, doneBytes, totalBytes),
    });
    const first = Object.values(inputs)[0];
    const results = await writeResults(host, done, resultFiles, first, signal);
    const tookMs = performance.now() - startMs;
    const preview =
      first && options.preview
        ? await drawPreview(
            options.preview,
            first,
            done,
            results,
            `${workflow.title || name} · ${fileStem(Object.values(inputFiles)[0]!)}`,
          )
        : undefined;
    view.end();
    const summary = { run: done, files: resultFiles, tookMs, ...(preview ? { preview } : {}) };
    process.stdout.write(options.json ? `${JSON.stringify(summary, null, 2)}\n` : formatRunSummary(summary));
  } finally {
    view.end();
    host?.close();
    await child?.stop();
    interrupt.dispose();
  }
}

async function readImages(files: readonly string[], view: ProgressView): Promise<Map<string, ImageFile>> {
  const images = new Map<string, ImageFile>();
  for (const file of files) {
    const image = await readImageFile(file);
    for (const warning of image.warnings) view.say(`note: ${warning}`);
    images.set(file, image);
  }
  return images;
}

/** The host of the command line, or one of our own when none was named and none is running. */
async function reachHost(options: RunCommandOptions, view: ProgressView, signal: AbortSignal) {
  const { connect } = await import('../../typescript/index.js');
  const { address, isExplicit } = hostAddress(options);
  try {
    return { host: await connect(address, { ...connectOptions(options), signal }), child: undefined };
  } catch (error) {
    const isAbsent = error instanceof VoxhostError && error.code === 'UNAVAILABLE';
    if (isExplicit || !isAbsent) throw error;
  }
  view.say(`No host is running at ${address}: starting one for this run. \`voxhost serve\` keeps one warm.`);
  const child = await startChildHost({ ...options, signal });
  try {
    return { host: await connect(child.address, { signal }), child };
  } catch (error) {
    await child.stop();
    throw error;
  }
}

/** A workflow whose inputs are known: one that was just started on may still be reading its bundle. */
async function waitUntilRead(host: Host, name: string, signal: AbortSignal): Promise<Workflow> {
  for (;;) {
    const workflow = await host.workflow(name, { signal });
    if (workflow.inputs.length > 0 || workflow.state !== 'loading') {
      if (workflow.state !== 'failed') return workflow;
      throw new VoxhostError({
        code: 'FAILED_PRECONDITION',
        reason: 'WORKFLOW_FAILED',
        message: `${name} cannot run: ${workflow.failure}`,
        metadata: { workflow: name },
      });
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function writeResults(
  host: Host,
  done: Run,
  files: Readonly<Record<string, string>>,
  source: ImageFile | undefined,
  signal: AbortSignal,
): Promise<Map<string, Image>> {
  const results = new Map<string, Image>();
  for (const output of done.outputs) {
    const image = await host.download(output.volume, { signal });
    const file = files[output.name];
    if (file === undefined) continue;
    await mkdir(dirname(file), { recursive: true });
    await writeImageFile(file, image.header, image.voxels, source?.niftiCodes ? { niftiCodes: source.niftiCodes } : {});
    results.set(output.name, image);
  }
  return results;
}

/** Draws the first label map over the first input. @returns the picture's file, if there was something to draw. */
async function drawPreview(
  file: string,
  image: Image,
  done: Run,
  results: ReadonlyMap<string, Image>,
  title: string,
): Promise<string | undefined> {
  const output = done.outputs.find(({ kind, name }) => kind === 'label-map' && results.has(name));
  if (!output) return undefined;
  // Loaded here: drawing needs a native library that other runs do not.
  const { writePreview } = await import('../preview/write-preview.js');
  await writePreview(file, image, results.get(output.name)!, output.segments, { title });
  return file;
}
