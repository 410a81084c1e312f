// Softmax over channels as elementary steps: ONNX Runtime's CPU kernel moves the axis to the end and back, voxel by
// voxel, and takes six to ten times as long.
import { intAttribute, makeNode } from '../onnx/nodes.js';
import { int64Tensor } from '../onnx/tensors.js';
import type { Rewrite } from './rewrite.js';

/** Softmax along axis 1 of [n, c, …]: exp(x − max) / Σ exp(x − max); two channels need no maximum and one step fewer. */
export const softmaxOverChannels: Rewrite = {
  opType: 'Softmax',
  devices: ['cpu'],
  rewrite(node, graph) {
    if (graph.opset < 13 || intAttribute(node, 'axis', -1) !== 1) return undefined;
    const [from, to] = [node.input[0]!, node.output[0]!];
    const name = (suffix: string) => `${to}/steps/${suffix}`;
    const axis = int64Tensor(name('axis'), [1]);
    if ((graph.channels(from) ?? graph.channels(to)) === 2) {
      return {
        nodes: [
          makeNode('Split', [from, name('sizes')], [name('a'), name('b')], { axis: 1 }),
          makeNode('Sub', [name('a'), name('b')], name('a_b')),
          makeNode('Sub', [name('b'), name('a')], name('b_a')),
          makeNode('Concat', [name('a_b'), name('b_a')], name('differences'), { axis: 1 }),
          makeNode('Sigmoid', [name('differences')], to),
        ],
        constants: [int64Tensor(name('sizes'), [1, 1])],
      };
    }
    const maximum =
      graph.opset < 18
        ? makeNode('ReduceMax', [from], name('max'), { axes: [1], keepdims: 1 })
        : makeNode('ReduceMax', [from, name('axis')], name('max'), { keepdims: 1 });
    return {
      nodes: [
        maximum,
        makeNode('Sub', [from, name('max')], name('shifted')),
        makeNode('Exp', [name('shifted')], name('exp')),
        makeNode('ReduceSum', [name('exp'), name('axis')], name('sum'), { keepdims: 1 }),
        makeNode('Div', [name('exp'), name('sum')], to),
      ],
      constants: [axis],
    };
  },
};
