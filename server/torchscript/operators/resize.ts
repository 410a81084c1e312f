// Interpolation: ONNX's `Resize` in the forms that give torch's numbers.
import type { Graph } from '../graph/graph.js';
import { gather, squeeze, unsqueeze } from '../graph/moves.js';
import type { Tensor } from '../graph/tensor.js';
import type { Arguments } from './arguments.js';
import { tensorOf } from './build.js';
import { define, type Operator } from './define.js';
import { listed } from './listed.js';

type Mode = 'nearest' | 'nearest-exact' | 'linear' | 'cubic';

interface Resizing {
  readonly mode: Mode;
  readonly alignCorners: boolean;
  readonly sizes: readonly number[];
  /** Factors that the program gave; without them sizes tell. */
  readonly factors: readonly (number | undefined)[];
}

function resize(graph: Graph, input: Tensor, spec: Resizing): Tensor {
  const spatial = input.shape.slice(2);
  const isNearest = spec.mode === 'nearest' || spec.mode === 'nearest-exact';
  const scales = spatial.map((size, axis) => scaleFor(size, spec.sizes[axis]!, spec.factors[axis]));
  if (isNearest) {
    const tables = spatial.map((size, axis) =>
      torchIndexes(graph, size, spec.sizes[axis]!, spec.factors[axis], spec.mode),
    );
    const isSame = spatial.every((size, axis) =>
      sameNumbers(tables[axis]!, onnxIndexes(graph, size, tables[axis]!.length, scales[axis]!, spec.mode)),
    );
    if (!isSame)
      return tensorOf(
        graph,
        tables.reduce((ref, table, axis) => gather(graph, ref, graph.ints(table), axis + 2), input.ref(graph)),
      );
  }
  // ONNX Runtime's linear kernels know images and volumes, no lines.
  const isLine = spatial.length === 1 && !isNearest;
  const data = isLine ? unsqueeze(graph, input.ref(graph), [2]) : input.ref(graph);
  const all = [1, 1, ...(isLine ? [1] : []), ...scales];
  const shape = [...input.shape.slice(0, 2), ...(isLine ? [1] : []), ...spec.sizes];
  const ref = graph.node(
    'Resize',
    [data, undefined, graph.numbers('float32', [all.length], all)],
    { dtype: input.dtype, shape },
    attributesOf(spec),
  );
  return tensorOf(graph, isLine ? squeeze(graph, ref, [2]) : ref);
}

function attributesOf({ mode, alignCorners }: Resizing) {
  switch (mode) {
    case 'nearest':
      return { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' };
    case 'nearest-exact':
      return { mode: 'nearest', coordinate_transformation_mode: 'half_pixel', nearest_mode: 'round_prefer_ceil' };
    default: {
      const coordinates = { coordinate_transformation_mode: alignCorners ? 'align_corners' : 'half_pixel' };
      return mode === 'cubic' ? { mode, ...coordinates, cubic_coeff_a: { float: -0.75 } } : { mode, ...coordinates };
    }
  }
}

/** The factor for ONNX, which finds sizes by ⌊size · factor⌋ in float32: raised by a last bit where that fell short. */
function scaleFor(size: number, wanted: number, factor: number | undefined): number {
  let scale = Math.fround(factor ?? wanted / size);
  while (Math.floor(Math.fround(size * scale)) < wanted) scale = Math.fround(scale * (1 + 2 ** -23));
  return scale;
}

/** Which cell of the input torch takes for each of the output: float32 arithmetic as in its kernels. */
function torchIndexes(graph: Graph, size: number, wanted: number, factor: number | undefined, mode: Mode): number[] {
  const scale = Math.fround(factor === undefined ? size / wanted : 1 / factor);
  return listed(graph, wanted, (index) => {
    const place = mode === 'nearest' ? Math.fround(index * scale) : Math.fround((index + 0.5) * scale);
    return Math.min(Math.floor(place), size - 1);
  });
}

/** Which cell ONNX Runtime takes. */
function onnxIndexes(graph: Graph, size: number, wanted: number, scale: number, mode: Mode): number[] {
  return listed(graph, wanted, (index) => {
    const place =
      mode === 'nearest'
        ? Math.floor(Math.fround(index / scale))
        : Math.round(Math.fround(Math.fround(Math.fround(index + 0.5) / scale) - 0.5));
    return Math.min(Math.max(place, 0), size - 1);
  });
}

function sameNumbers(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}

/** Sizes given, or factors given: torch takes ⌊size · factor⌋. */
function planSizes(
  args: Arguments,
  input: Tensor,
  sizes: readonly number[] | undefined,
  factors: readonly number[] | undefined,
) {
  const spatial = input.shape.slice(2);
  if (sizes) return { sizes, factors: spatial.map(() => undefined) };
  if (!factors) throw args.error('It needs a size or a scale factor.');
  return { sizes: spatial.map((size, axis) => Math.floor(size * factors[axis]!)), factors };
}

const AXIS_LETTERS = ['d', 'h', 'w'];

/** `upsample_<mode><axes>d` with its two overloads: sizes with optional scales, or sizes or factors as lists. */
function upsample(name: string, axes: number, mode: Mode): readonly Operator[] {
  const hasCorners = mode === 'linear' || mode === 'cubic';
  const corners = (args: Arguments) => hasCorners && args.bool('align_corners');
  const direct = define(name, (args, { graph }) => {
    const letters = axes === 1 ? [''] : AXIS_LETTERS.slice(3 - axes);
    const factors = letters.map((letter) => args.optionalFloat(letter ? `scales_${letter}` : 'scales'));
    return resize(graph, args.tensor('self'), {
      mode,
      alignCorners: corners(args),
      sizes: args.ints('output_size'),
      factors,
    });
  });
  const listed = define(`${name}.vec`, (args, { graph }) => {
    const input = args.tensor('input');
    const plan = planSizes(args, input, args.optionalInts('output_size'), args.optionalFloats('scale_factors'));
    return resize(graph, input, { mode, alignCorners: corners(args), ...plan });
  });
  return [...direct, ...listed];
}

const MODES: Readonly<Record<string, Mode>> = {
  nearest: 'nearest',
  'nearest-exact': 'nearest-exact',
  linear: 'linear',
  bilinear: 'linear',
  trilinear: 'linear',
  bicubic: 'cubic',
};

export const RESIZE: readonly Operator[] = [
  ...[1, 2, 3].flatMap((axes) => upsample(`upsample_nearest${axes}d`, axes, 'nearest')),
  ...[1, 2, 3].flatMap((axes) => upsample(`_upsample_nearest_exact${axes}d`, axes, 'nearest-exact')),
  ...upsample('upsample_linear1d', 1, 'linear'),
  ...upsample('upsample_bilinear2d', 2, 'linear'),
  ...upsample('upsample_trilinear3d', 3, 'linear'),
  ...upsample('upsample_bicubic2d', 2, 'cubic'),
  ...define(
    ['__interpolate.size_list_scale_list', '__interpolate.scale_list', '__interpolate.size_list', '__interpolate'],
    (args, { graph }) => interpolate(args, graph),
  ),
];

/** The one operator that old programs call for every mode. */
function interpolate(args: Arguments, graph: Graph): Tensor {
  const input = args.tensor('input');
  const axes = input.rank - 2;
  const mode = MODES[args.text('mode')];
  if (!mode || args.bool('antialias')) throw args.error(`Mode ${args.text('mode')} is not supported.`);
  const numbers = (name: string): readonly number[] | undefined => {
    if (!args.has(name)) return undefined;
    const value = args.value(name);
    return typeof value === 'object' ? args.optionalFloats(name) : new Array<number>(axes).fill(Number(value));
  };
  const plan = planSizes(args, input, numbers('size'), numbers('scale_factor'));
  const factors = args.value('recompute_scale_factor') === true ? plan.factors.map(() => undefined) : plan.factors;
  return resize(graph, input, {
    mode,
    alignCorners: args.has('align_corners') && args.bool('align_corners'),
    ...plan,
    factors,
  });
}
