// `voxhost show WORKFLOW`: what a workflow is, takes and gives.
import { Command } from 'commander';
import type { Workflow } from '../../typescript/index.js';
import { type GlobalOptions, withHost } from '../host-options.js';
import { formatDuration, formatFields, formatTable, wrap } from '../table.js';

export function showCommand(): Command {
  return new Command('show')
    .argument('<workflow>', 'its name, as `voxhost ls` lists it')
    .description('show what a workflow is, what it takes and what it gives')
    .addHelpText('after', '\nExamples:\n  $ voxhost show brain_extraction\n  $ voxhost show brain_extraction --json')
    .action(async (name: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const workflow = await withHost(options, (host) => host.workflow(name));
      process.stdout.write(options.json ? `${JSON.stringify(workflow, null, 2)}\n` : formatWorkflow(workflow));
    });
}

function formatWorkflow(workflow: Workflow): string {
  const fields = formatFields([
    ['name', workflow.name],
    ['title', workflow.title],
    ['version', workflow.version],
    ['state', workflow.state + (workflow.device ? ` on ${workflow.device}` : '')],
    ['failure', wrap(workflow.failure)],
    ['newer version refused', wrap(workflow.reloadFailure)],
    [
      'takes',
      workflow.typicalDurationMs === undefined ? '' : `about ${formatDuration(workflow.typicalDurationMs)} a run`,
    ],
    ['task', wrap(workflow.task)],
    ['description', wrap(workflow.description)],
    ['intended use', wrap(workflow.intendedUse)],
    ['network', workflow.modelFormat === 'torchscript' ? 'TorchScript, turned into ONNX by the host' : ''],
    ['authors', wrap(workflow.authors)],
    ['copyright', wrap(workflow.copyright)],
    ['license', wrap(workflow.license)],
    ['references', workflow.references.map((reference) => wrap(reference)).join('\n')],
  ]);
  const sections = [
    section('inputs', ['NAME', 'MODALITY', 'CHANNELS', 'AXES', ''], inputRows(workflow)),
    ...workflow.outputs.map((output) =>
      section(
        `output ${output.name} (${output.kind})`,
        ['VALUE', 'SEGMENT', 'COLOUR', 'TERMINOLOGY'],
        segmentRows(output),
      ),
    ),
    section('parameters (--param NAME=VALUE)', ['NAME', 'TYPE', 'DEFAULT', 'RANGE', ''], parameterRows(workflow)),
  ];
  return fields + sections.join('');
}

function section(title: string, headings: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return `\n${title}\n`;
  const table = formatTable(headings, rows).replace(/^(?=.)/gm, '  ');
  return `\n${title}\n${table}`;
}

function inputRows(workflow: Workflow): string[][] {
  return workflow.inputs.map((input) => [
    input.name,
    input.modality || 'any',
    String(input.channels) + (input.channelNames.length > 0 ? ` (${input.channelNames.join(', ')})` : ''),
    String(input.spatialAxes),
    input.required ? '' : 'optional',
  ]);
}

function segmentRows(output: Workflow['outputs'][number]): string[][] {
  return output.segments.map(({ value, name, color, terminology }) => [
    String(value),
    name,
    `#${[color.red, color.green, color.blue].map((part) => part.toString(16).padStart(2, '0')).join('')}`,
    terminology?.type ? `${terminology.type.scheme} ${terminology.type.value} ${terminology.type.meaning}` : '',
  ]);
}

function parameterRows(workflow: Workflow): string[][] {
  return workflow.parameters.map(({ name, type, defaultValue, minimum, maximum, choices, description }) => [
    name,
    type,
    String(defaultValue),
    choices.length > 0 ? choices.join(', ') : range(minimum, maximum),
    description,
  ]);
}

function range(minimum: number | undefined, maximum: number | undefined): string {
  if (minimum === undefined && maximum === undefined) return '';
  return `${minimum ?? 'any'} to ${maximum ?? 'any'}`;
}
