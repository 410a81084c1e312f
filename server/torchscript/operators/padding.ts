// Pads: constant, reflected, repeated, circular. Negative widths cut.
import type { Graph, Ref } from '../graph/graph.js';
import { concat, slice } from '../graph/moves.js';
import type { Tensor } from '../graph/tensor.js';
import type { Arguments } from './arguments.js';
import { tensorOf } from './build.js';
import { define, type Operator } from './define.js';

/** Torch lists widths from the last axis on: before, after. */
function widthsByAxis(args: Arguments, rank: number, pad: readonly number[]): [number, number][] {
  if (pad.length % 2 !== 0 || pad.length / 2 > rank) throw args.error(`Widths [${pad}] for ${rank} axes.`);
  return Array.from({ length: rank }, (_, axis) => {
    const at = (rank - 1 - axis) * 2;
    return [pad[at] ?? 0, pad[at + 1] ?? 0];
  });
}

/** @param mode ONNX's word. */
function pad(args: Arguments, graph: Graph, widths: readonly number[], mode: string, value = 0): Tensor {
  const self = args.tensor('self');
  const byAxis = widthsByAxis(args, self.rank, widths);
  const cut = byAxis.reduce((ref, [before, after], axis) => {
    const size = self.shape[axis]!;
    return before >= 0 && after >= 0 ? ref : slice(graph, ref, axis, Math.max(-before, 0), size - Math.max(-after, 0));
  }, self.ref(graph));
  const added = byAxis.map(([before, after]) => [Math.max(before, 0), Math.max(after, 0)] as const);
  if (added.every(([before, after]) => before + after === 0)) return tensorOf(graph, cut);
  const shape = graph.value(cut).shape.map((size, axis) => size + added[axis]![0] + added[axis]![1]);
  const pads = graph.ints([...added.map(([before]) => before), ...added.map(([, after]) => after)]);
  const filling = mode === 'constant' ? [graph.scalar(self.dtype, value)] : [];
  return tensorOf(graph, graph.node('Pad', [cut, pads, ...filling], { dtype: self.dtype, shape }, { mode }));
}

function circular(args: Arguments, graph: Graph, widths: readonly number[]): Tensor {
  const self = args.tensor('self');
  const ref = widthsByAxis(args, self.rank, widths).reduce<Ref>((data, [before, after], axis) => {
    const size = graph.value(data).shape[axis]!;
    if (before > size || after > size) throw args.error('A circular pad wraps around once only.');
    const head = before > 0 ? [slice(graph, data, axis, size - before, size)] : [];
    const tail = after > 0 ? [slice(graph, data, axis, 0, after)] : [];
    return concat(
      graph,
      [...head, slice(graph, data, axis, Math.max(-before, 0), size - Math.max(-after, 0)), ...tail],
      axis,
    );
  }, self.ref(graph));
  return tensorOf(graph, ref);
}

const MODES: Readonly<Record<string, string>> = { constant: 'constant', reflect: 'reflect', replicate: 'edge' };

export const PADDING: readonly Operator[] = [
  define('constant_pad_nd', (args, { graph }) =>
    pad(args, graph, args.ints('pad'), 'constant', Number(args.scalar('value'))),
  ),
  define(['reflection_pad1d', 'reflection_pad2d', 'reflection_pad3d'], (args, { graph }) =>
    pad(args, graph, args.ints('padding'), 'reflect'),
  ),
  define(['replication_pad1d', 'replication_pad2d', 'replication_pad3d'], (args, { graph }) =>
    pad(args, graph, args.ints('padding'), 'edge'),
  ),
  define('_pad_circular', (args, { graph }) => circular(args, graph, args.ints('pad'))),
  define('pad', (args, { graph }) => {
    const mode = args.text('mode');
    if (mode === 'circular') return circular(args, graph, args.ints('pad'));
    const own = MODES[mode];
    if (!own) throw args.error(`Mode ${mode} is not supported.`);
    return pad(args, graph, args.ints('pad'), own, args.optionalFloat('value') ?? 0);
  }),
].flat();
