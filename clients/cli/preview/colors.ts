// The colours that segments are drawn in: their own, unless they would be lost on grey.
import type { Segment } from '../../typescript/index.js';

type Color = Segment['color'];

/** Below this a colour is nearly grey: 3D Slicer's brain, for one, is (250, 250, 225). */
const LEAST_SATURATION = 0.2;

/** Apart for most kinds of colour vision (Okabe and Ito 2008), as far as they show on grey. */
const STRONG: readonly Color[] = [
  { red: 86, green: 200, blue: 255 },
  { red: 0, green: 214, blue: 143 },
  { red: 255, green: 176, blue: 0 },
  { red: 240, green: 128, blue: 192 },
  { red: 240, green: 228, blue: 66 },
  { red: 232, green: 110, blue: 40 },
];

/** A colour for each segment by value; those near grey get strong ones in turn. */
export function drawnColors(segments: readonly Segment[]): ReadonlyMap<number, Color> {
  let next = 0;
  return new Map(
    segments.map(({ value, color }) => {
      if (saturation(color) >= LEAST_SATURATION) return [value, color];
      const strong = STRONG[next % STRONG.length]!;
      next += 1;
      return [value, strong];
    }),
  );
}

/** 0 for grey, 1 for a pure hue. */
function saturation({ red, green, blue }: Color): number {
  const most = Math.max(red, green, blue);
  return most === 0 ? 0 : (most - Math.min(red, green, blue)) / most;
}
