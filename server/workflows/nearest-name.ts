// Finds the known name that a wrong one was probably meant to be.

/** The nearest of `known` by letters changed, left out, added or swapped; `undefined` when none is near. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const wanted = name.slice(0, 100).toLowerCase();
  const farthest = Math.max(1, Math.floor(wanted.length / 3));
  const ranked = known
    .map((one) => ({ one, distance: editDistance(wanted, one.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best !== undefined && best.distance <= farthest ? best.one : undefined;
}

/** Damerau's distance, without moving a letter twice. */
function editDistance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const substituted = rows[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      let least = Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, substituted);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, rows[i - 2]![j - 2]! + 1);
      row.push(least);
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}
