// Which intensities are drawn black and which white. Pure.
import type { Image } from '../../typescript/index.js';
import { sizesIjk } from './planes.js';
import { createReader } from './sample-plane.js';

/** Intensities from `low` (black) to `high` (white). */
export interface Window {
  readonly low: number;
  readonly high: number;
}

const SAMPLES = 200_000;
/** Abdominal soft tissue, as CT is mostly read: level 40, width 400 Hounsfield units. */
const CT_WINDOW: Window = { low: -160, high: 240 };

/**
 * For CT the soft-tissue window; else from the 1st to the 99.5th percentile of what is not background. Background is the
 * image's least value where that is common (air in MR, padding).
 */
export function chooseWindow(image: Image): Window {
  const [ni, nj, nk] = sizesIjk(image.header);
  const count = ni * nj * nk;
  const valueAt = createReader(image);
  const step = Math.max(1, Math.floor(count / SAMPLES));
  const values: number[] = [];
  for (let voxel = 0; voxel < count; voxel += step) {
    const value = valueAt(voxel);
    if (Number.isFinite(value)) values.push(value);
  }
  values.sort((a, b) => a - b);
  if (values.length === 0) return { low: 0, high: 1 };
  const least = values[0]!;
  if (isCt(image, least)) return CT_WINDOW;
  const foreground = values.filter((value) => value > least);
  const used = foreground.length > 0.01 * values.length ? foreground : values;
  const at = (fraction: number) => used[Math.min(used.length - 1, Math.floor(fraction * used.length))]!;
  const [low, high] = [at(0.01), at(0.995)];
  return high > low ? { low, high } : { low: least, high: least + 1 };
}

function isCt(image: Image, least: number): boolean {
  return image.header.modality === 'CT' || (image.header.modality === '' && least <= -900 && least >= -4096);
}
