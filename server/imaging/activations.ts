// Softmax and sigmoid on channel-first float32 tensors, in place.

/** e^(x − max) over its sum, across the channels. */
export function softmax(tensor: Float32Array, channels: number): void {
  const { exp, fround } = Math;
  const length = tensor.length / channels;
  for (let i = 0; i < length; i++) {
    let most = Number.NEGATIVE_INFINITY;
    for (let at = i; at < tensor.length; at += length) most = Math.max(most, tensor[at]!);
    let sum = 0;
    for (let at = i; at < tensor.length; at += length) {
      const value = fround(exp(fround(tensor[at]! - most)));
      tensor[at] = value;
      sum = fround(sum + value);
    }
    for (let at = i; at < tensor.length; at += length) tensor[at] = tensor[at]! / sum;
  }
}

/** 1 / (1 + e^−x). */
export function sigmoid(tensor: Float32Array): void {
  for (let i = 0; i < tensor.length; i++) tensor[i] = 1 / (1 + Math.exp(-tensor[i]!));
}
