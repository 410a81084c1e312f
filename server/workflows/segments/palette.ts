// Colours for segments that have none of their own: a fixed set that people who do not tell red from green tell apart.
import type { Segment } from '../workflow.js';
import type { Rgb } from './anatomy.js';

/** Okabe and Ito's, without black. */
const PALETTE: readonly Rgb[] = [
  [230, 159, 0],
  [86, 180, 233],
  [0, 158, 115],
  [240, 228, 66],
  [0, 114, 178],
  [213, 94, 0],
  [204, 121, 167],
];

/** How much of the way to white (even) or black (odd) each further use of the same colour goes. */
const SHADE = 0.14;
const MAX_SHADES = 8;

/**
 * One colour for each of the wanted ones, in order: the wanted colour itself, the palette's next where there is none,
 * a lighter or darker shade where it was used already.
 */
export function assignColors(wanted: readonly (Rgb | undefined)[]): readonly Segment['color'][] {
  const uses = new Map<string, number>();
  let next = 0;
  return wanted.map((rgb) => {
    const base = rgb ?? PALETTE[next++ % PALETTE.length] ?? [128, 128, 128];
    const used = uses.get(base.join()) ?? 0;
    uses.set(base.join(), used + 1);
    const [red, green, blue] = shade(base, used % MAX_SHADES);
    return { red, green, blue };
  });
}

function shade(rgb: Rgb, use: number): Rgb {
  const amount = Math.ceil(use / 2) * SHADE;
  const goal = use % 2 === 1 ? 0 : 255;
  const mix = (part: number) => Math.round(part + (goal - part) * amount);
  return [mix(rgb[0]), mix(rgb[1]), mix(rgb[2])];
}
