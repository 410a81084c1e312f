// Whether more threads than one shall see a network's answer.
import { type Threads, WORTH_SHARING_BYTES } from '../imaging/threads.js';

/** Of one or two channels little is asked afterwards: comparing them takes less than copying them. */
export function isWorthSharing(channels: number, bytes: number): boolean {
  return channels > 2 && bytes >= WORTH_SHARING_BYTES;
}

/** The numbers where all threads see them, if that pays. */
export function shareAnswer(threads: Threads, channels: number, numbers: Float32Array): Float32Array {
  if (threads.count === 1 || !isWorthSharing(channels, numbers.byteLength)) return numbers;
  const shared = threads.zeros(Float32Array, numbers.length);
  shared.set(numbers);
  return shared;
}
