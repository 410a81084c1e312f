// One plane as pixels: grey intensities, segments filled translucently and outlined. Pure.
import type { Segment } from '../../typescript/index.js';
import type { Window } from './window-level.js';

/** How strongly a segment's inside is tinted. */
const FILL = 0.22;

/**
 * RGBA by rows. A pixel of a segment is its outline when one of its four neighbours, or one of theirs, lies outside the
 * segment (a line two pixels wide, inside the segment's border); the picture's edge is no border.
 */
export function paintPanel(
  size: { readonly widthPx: number; readonly heightPx: number },
  intensities: Float32Array,
  labels: Uint32Array,
  window: Window,
  colors: ReadonlyMap<number, Segment['color']>,
): Uint8ClampedArray {
  const rgba = new Uint8ClampedArray(intensities.length * 4);
  const outline = findOutline(size, labels);
  const scale = 255 / (window.high - window.low);
  for (let pixel = 0; pixel < intensities.length; pixel += 1) {
    const value = intensities[pixel]!;
    const grey = Number.isNaN(value) ? 0 : Math.min(255, Math.max(0, (value - window.low) * scale));
    const color = colors.get(labels[pixel]!);
    const share = color === undefined ? 0 : outline[pixel] ? 1 : FILL;
    const { red, green, blue } = color ?? { red: 0, green: 0, blue: 0 };
    rgba[pixel * 4] = grey + (red - grey) * share;
    rgba[pixel * 4 + 1] = grey + (green - grey) * share;
    rgba[pixel * 4 + 2] = grey + (blue - grey) * share;
    rgba[pixel * 4 + 3] = 255;
  }
  return rgba;
}

function findOutline({ widthPx, heightPx }: { widthPx: number; heightPx: number }, labels: Uint32Array): Uint8Array {
  const touches = (marked: (pixel: number, neighbour: number) => boolean) => {
    const out = new Uint8Array(labels.length);
    for (let y = 0; y < heightPx; y += 1) {
      for (let x = 0; x < widthPx; x += 1) {
        const p = y * widthPx + x;
        const near =
          (x > 0 && marked(p, p - 1)) ||
          (x < widthPx - 1 && marked(p, p + 1)) ||
          (y > 0 && marked(p, p - widthPx)) ||
          (y < heightPx - 1 && marked(p, p + widthPx));
        if (near) out[p] = 1;
      }
    }
    return out;
  };
  const border = touches((pixel, neighbour) => labels[pixel] !== labels[neighbour]);
  const second = touches((pixel, neighbour) => labels[pixel] === labels[neighbour] && border[neighbour] === 1);
  return border.map((value, pixel) => (value || second[pixel] ? 1 : 0));
}
