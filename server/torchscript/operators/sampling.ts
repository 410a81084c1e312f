// Sampling at given places: what registration networks warp images with.
import { stridesOf } from '../graph/constant.js';
import type { Graph } from '../graph/graph.js';
import { reshape, transpose } from '../graph/moves.js';
import type { Tensor } from '../graph/tensor.js';
import type { Arguments } from './arguments.js';
import { tensorOf } from './build.js';
import { define, type Operator } from './define.js';
import { listed } from './listed.js';
import { matmul } from './matrices.js';

const MODES = ['bilinear', 'nearest', 'bicubic'];
const PADDINGS = ['zeros', 'border', 'reflection'];

function sample(args: Arguments, graph: Graph): Tensor {
  const [input, grid] = [args.tensor('input'), args.tensor('grid')];
  const shape = [...input.shape.slice(0, 2), ...grid.shape.slice(1, -1)];
  return tensorOf(
    graph,
    graph.node(
      'GridSample',
      [input.ref(graph), grid.ref(graph)],
      { dtype: input.dtype, shape },
      {
        mode: MODES[args.int('interpolation_mode')]!,
        padding_mode: PADDINGS[args.int('padding_mode')]!,
        align_corners: args.bool('align_corners') ? 1 : 0,
      },
    ),
  );
}

/** θ applied to the places of a grid from -1 to 1; the last spatial axis is x. */
function affineGrid(args: Arguments, graph: Graph): Tensor {
  const theta = args.tensor('theta');
  const [batch, , ...spatial] = args.ints('size') as [number, number, ...number[]];
  const places = spatial.map((size) => {
    if (size === 1) return [0];
    return listed(graph, size, (index) =>
      args.bool('align_corners') ? -1 + (2 * index) / (size - 1) : (2 * index + 1) / size - 1,
    );
  });
  const count = spatial.reduce((product, size) => product * size, 1);
  const width = spatial.length + 1;
  const strides = stridesOf(spatial);
  const rows = listed(graph, count * width, (at) => {
    const axis = spatial.length - 1 - (at % width);
    const row = Math.floor(at / width);
    return axis < 0 ? 1 : places[axis]![Math.floor(row / strides[axis]!) % spatial[axis]!]!;
  });
  const grid = graph.numbers(theta.dtype, [1, count, width], rows);
  const moved = matmul(args, graph, grid, transpose(graph, theta.ref(graph), [0, 2, 1]));
  return tensorOf(graph, reshape(graph, moved, [batch, ...spatial, spatial.length]));
}

export const SAMPLING: readonly Operator[] = [
  define(['grid_sampler', 'grid_sampler_2d', 'grid_sampler_3d'], (args, { graph }) => sample(args, graph)),
  define('affine_grid_generator', (args, { graph }) => affineGrid(args, graph)),
].flat();
