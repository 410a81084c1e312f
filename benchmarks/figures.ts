// Figures: what a benchmark found beside what it must reach. Printed, and handed to run-all when it started us.

/** One row of docs/benchmarks.md. */
export interface Figure {
  readonly what: string;
  /** What was found, ratio first: `5.2 times as fast`. */
  readonly found: string;
  readonly target: string;
  readonly reached: boolean;
  /** The absolute numbers behind it. */
  readonly detail: string;
}

/** A bound that a value must keep. */
export type Bound = { readonly atLeast: number } | { readonly atMost: number };

/** Prints a figure, and sends it to the process that started this one, if one did. */
export function reportFigure(what: string, value: number, bound: Bound, unit: string, detail: string): void {
  const isUpper = 'atMost' in bound;
  const limit = isUpper ? bound.atMost : bound.atLeast;
  const figure: Figure = {
    what,
    found: `${round(value)}${unit}`,
    target: `${isUpper ? '≤' : '≥'} ${round(limit)}${unit}`,
    reached: isUpper ? value <= limit : value >= limit,
    detail,
  };
  console.log(`${figure.reached ? 'reached' : 'MISSED '}  ${what}: ${figure.found} (${figure.target}); ${detail}`);
  process.send?.({ figure });
}

/** Three significant digits, whole from 100 on. */
export function round(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}

export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/** The value below which `percent` of 100 lie, the nearest that was measured. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil((percent / 100) * sorted.length - 0.5))] ?? Number.NaN;
}
