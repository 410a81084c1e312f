// What `voxhost check` tells of a network of PyTorch: the network, its ends, its operators, and the file that is missing.
import { dirname } from 'node:path';
import type { InspectedModel } from '../../server/conversion/inspect-model.js';

const MAX_OPERATORS = 60;

export function describeNetwork(file: string, { report, inputShape }: InspectedModel): string {
  const ends = (list: typeof report.inputs) =>
    list.map(({ name, shape, dims }) => `${name} [${(dims ?? shape).join(', ')}]`).join(', ');
  const operators = report.operators.slice(0, MAX_OPERATORS).map(({ name, calls }) => `${name} ×${calls}`);
  const more = report.operators.length > MAX_OPERATORS ? [`and ${report.operators.length - MAX_OPERATORS} more`] : [];
  const lines = [
    `${file} is TorchScript: ${report.network}.`,
    `  takes       ${ends(report.inputs)}`,
    `  gives       ${ends(report.outputs)}`,
    `  parameters  ${report.parameters.toLocaleString('en')}`,
    `  batch       ${report.fixedBatch === undefined ? 'any size' : `${inputShape[0]}: ${report.fixedBatch}`}`,
    `  operators   ${[...operators, ...more].join(', ')}`,
  ];
  if (report.wasTraining) lines.push('  It was saved while training; it runs as after eval().');
  if (report.extraFiles.length > 0) lines.push(`  With it come ${report.extraFiles.join(', ')}, which are not read.`);
  return `${lines.join('\n')}\n`;
}

/** A workflow.yaml to begin with: what the network tells, and what only its author knows. */
export function proposeWorkflow(file: string, name: string, { report, inputShape }: InspectedModel): string {
  const [, channels = 1, ...asked] = inputShape;
  const sizes = asked.map((size) => (size === 'open' ? -1 : size));
  const outputs = report.outputs[0]?.shape[1] ?? 1;
  const segments = Array.from(
    { length: Math.max(1, Math.min(outputs, 9) - 1) },
    (_, index) => `${index + 1}: segment ${index + 1}`,
  );
  return `There is no workflow.yaml in ${dirname(file)}. One to begin with:

model: ${name}
input: { channels: ${channels}, axes: ${sizes.length}, modality: MR }
output: { channels: ${outputs}, segments: { ${segments.join(', ')} } }
preprocessing:
  - { _target_: Orientationd, keys: image, axcodes: RAS }
  - { _target_: Spacingd, keys: image, pixdim: [${sizes.map(() => '1.0').join(', ')}], mode: bilinear }
  - { _target_: NormalizeIntensityd, keys: image, nonzero: true }
inferer: { _target_: SlidingWindowInferer, roi_size: [${sizes.join(', ')}], overlap: 0.5 }

Write in preprocessing what the network was trained with: nothing in its file tells.
`;
}
