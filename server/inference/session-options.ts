// ONNX Runtime's options for a server whose models stay loaded and mostly wait.
import type { InferenceSession } from 'onnxruntime-node';

/**
 * Options of a session on one device.
 *
 * Idle threads do not spin: on two cores to itself a pass takes as long (within 2 %), and on shared cores spinning took
 * up to a third more processor time, from the front process and from other workflows. The arena is off, so that the
 * memory of one pass is given back after it, no slower on the bundles of examples/. Nodes run one after the other:
 * `parallel` gains nothing on chains of convolutions.
 */
export function sessionOptions(device: string, threads: number): InferenceSession.SessionOptions {
  return {
    executionProviders: [device],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    enableCpuMemArena: false,
    // What goes wrong comes as an exception; the same in red on standard error would fill the host's log.
    logSeverityLevel: 4,
    extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
  };
}
