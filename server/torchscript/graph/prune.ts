// What the outputs need, and nothing else.
import type { Graph, GraphNode, GraphOutput, GraphValue, Ref } from './graph.js';

/** A recording that is finished: nodes in the order they run. */
export interface Program {
  readonly values: readonly GraphValue[];
  readonly nodes: readonly GraphNode[];
  readonly inputs: readonly Ref[];
  readonly outputs: readonly GraphOutput[];
}

/** Ends a recording: drops every node whose results no output needs, and the constants of those. Inputs stay. */
export function prune(graph: Graph): Program {
  const needed = new Set<Ref>(graph.outputs.map((output) => output.ref));
  const nodes: GraphNode[] = [];
  for (const node of [...graph.nodes].reverse()) {
    if (!node.outputs.some((ref) => needed.has(ref))) continue;
    nodes.push(node);
    for (const ref of node.inputs) if (ref !== undefined) needed.add(ref);
  }
  graph.keepConstants(needed);
  return { values: graph.values, nodes: nodes.reverse(), inputs: graph.inputs, outputs: graph.outputs };
}
