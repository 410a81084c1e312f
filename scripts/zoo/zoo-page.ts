// docs/zoo.md: one table, its columns lined up.
import type { ZooBundle } from './plan-zoo.js';
import type { Proof } from './prove-zoo.js';

export function zooPage(bundles: readonly ZooBundle[], proofs: ReadonlyMap<string, Proof>, version: string): string {
  const rows = bundles.map((bundle) => rowOf(bundle, proofs.get(bundle.name)));
  const planned = bundles.filter(({ plan }) => plan !== undefined).length;
  const proved = [...proofs.values()].filter(({ difference }) => difference !== undefined);
  const equal = proved.filter(({ difference }) => difference?.differing === 0 && difference.geometry < 1e-6).length;
  return `# The bundles of MONAI's model zoo

${planned} of ${bundles.length} bundles' inference configurations become a plan, unmodified. ${proved.length} were run by
MONAI 1.6.1 and by this host on the same seeded network (the zoo's weights are not in its repository) and the same seeded
images; ${equal} gave MONAI's own answer in every voxel and the same geometry to 1e-6.

Made from Project-MONAI/model-zoo (${version}) by \`make zoo ZOO=FOLDER\`; never edited by hand. What the columns say is
below the table.

${tableOf(['bundle', 'runs', 'MONAI s', 'ours s', 'ratio', 'voxels', 'classes', 'differ', 'by at most', 'geometry', 'what stands in the way'], rows)}

- **runs**: the bundle's files become a plan and the host answers. For the others the table has the first thing that stands
  in the way; \`voxhost check FOLDER\` tells them all.
- **MONAI s, ours s**: from the image's file to the result's, the shorter of two, both on two threads of one machine that
  did other things as well: take the ratio.
- **differ**: voxels that are not equal. Where the answer is no label map, voxels that differ by more than 1e-5 of the
  largest number; **by at most** is the largest difference in any case.
- **geometry**: the largest difference of the results' matrices from index to millimetres.

A bundle also needs its network as \`models/model.onnx\`: \`python -m voxhost.convert BUNDLE\` makes it. The networks here
are a convolution, a ReLU and a convolution of the bundle's own channels, in torch for MONAI and in ONNX for the host.
Their inputs, features and weights are whole steps, so that each sum is exact in whatever order a library adds: what
differs is owed to what stands around the network. Their classes are the features at places of the image itself, so that
most occur. Images are oblique and anisotropic, larger than a window along two axes; those of two axes are PNG. The host
is sent the geometry that the bundle's own reader finds: ITK's is another than nibabel's in the eighth digit.
pathology_tumor_detection was given one patch of a slide: to cut slides into patches is its data set's work, not its
network's.

What can differ elsewhere, down to the arithmetic:

- A real network: ONNX Runtime and torch add the products of a convolution in different orders. Where two classes are
  equal to the seventh digit either may win.
- Means and deviations (NormalizeIntensity): summed in float64 here, in float32 by torch, in parts whose number is that of
  its threads. The last digit of an intensity may differ.
- Weights of Gaussian windows: torch's exponential of a few numbers is its maths library's, which rounds the last bit of
  one number in fifty to the other side; here all are rounded to the nearest.
- Images of which torch rounds the last few voxels by scalar code, others by vectors: seven voxels at most for each
  thread, in softmax and sigmoid, by one step.
`;
}

function rowOf({ name, plan, problems }: ZooBundle, proof: Proof | undefined): readonly string[] {
  const [problem] = problems;
  const reason = problem?.message.replace(/ This host has .*$/, '').replaceAll('|', '\\|') ?? '';
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  const d = proof?.difference;
  const { monaiSeconds, ourSeconds } = proof ?? {};
  return [
    name,
    plan === undefined ? 'no' : proof?.error === undefined ? 'yes' : 'no',
    monaiSeconds === undefined ? '' : seconds(monaiSeconds),
    ourSeconds === undefined ? '' : seconds(ourSeconds),
    monaiSeconds === undefined || ourSeconds === undefined ? '' : `${(monaiSeconds / ourSeconds).toFixed(1)}×`,
    d === undefined ? '' : String(d.voxels),
    d === undefined || !d.labels ? '' : String(d.classes),
    d === undefined ? '' : String(d.differing),
    d === undefined ? '' : small(d.largest),
    d === undefined ? '' : small(d.geometry),
    proof?.error?.replaceAll('|', '\\|') ?? `${reason}${more}`,
  ];
}

function seconds(value: number): string {
  return value.toPrecision(2);
}

function small(value: number): string {
  return value === 0 ? '0' : value >= 1 ? String(value) : value.toExponential(0);
}

function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, n) => Math.max(title.length, ...rows.map((row) => row[n]!.length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, n) => (n === cells.length - 1 ? cell : cell.padEnd(widths[n]!))).join(' | ')} |`;
  const rule = `| ${widths.map((width, n) => '-'.repeat(n === widths.length - 1 ? 3 : width)).join(' | ')} |`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}
