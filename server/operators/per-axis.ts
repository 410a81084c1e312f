// Arguments with one number for all axes, or one for each.

/** One number for each axis. @throws RangeError for another count, naming the argument */
export function perAxis(numbers: readonly number[], axes: number, name: string): readonly number[] {
  if (numbers.length === axes) return numbers;
  if (numbers.length === 1) return Array.from({ length: axes }, () => numbers[0]!);
  throw new RangeError(`${name} has ${numbers.length} numbers, the image ${axes} axes`);
}
