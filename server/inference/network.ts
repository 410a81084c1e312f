// A network on a device: one session of ONNX Runtime, float32 in and out.
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { sessionOptions } from './session-options.js';

/** Numbers of a network: channel first, the last axis fastest. */
export interface FloatTensor {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

export interface Network {
  readonly device: string;
  /** Samples that a pass must have, when the file fixes them. */
  readonly batch?: number;
  /** Sizes along the spatial axes; undefined where the file leaves them open. */
  readonly spatialSizes: readonly (number | undefined)[];
  /**
   * One pass: [n, channels, sizes…] in, the same with other channels out. Blocks this thread while it computes.
   * @throws Error with ONNX Runtime's words.
   */
  run(input: FloatTensor): Promise<FloatTensor>;
  /** Gives its memory back. Safe to call twice. */
  close(): Promise<void>;
}

/** Opens a model (its bytes, or the path of a file whose weights lie beside it) on one device, exactly that one. */
export async function openSession(
  model: Uint8Array | string,
  device: string,
  threads: number,
  names: { readonly input: string; readonly output: string },
): Promise<Pick<Network, 'run' | 'close'>> {
  const options = sessionOptions(device, threads);
  const session =
    typeof model === 'string'
      ? await InferenceSession.create(model, options)
      : await InferenceSession.create(model, options);
  let open = true;
  return {
    async run({ dims, data }) {
      const results = await session.run({ [names.input]: new Tensor('float32', data, dims) }, [names.output]);
      const result = results[names.output]!;
      const numbers = await result.getData();
      // Only a model with its weights elsewhere, which is not rewritten, answers in another type.
      const floats = numbers instanceof Float32Array ? numbers : Float32Array.from(numbers as Uint8Array, Number);
      return { dims: result.dims, data: floats };
    },
    async close() {
      if (open) await session.release();
      open = false;
    },
  };
}

/** ONNX Runtime's words without line breaks and the place in its source. */
export function oneLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message
    .replace(/\s+/g, ' ')
    .replace(/^\S+\.(?:cc|cpp|h):\d+ .* was false\. /, '')
    .trim();
}
