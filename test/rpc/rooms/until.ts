// Waiting for a state that nothing announces.

/** Looks again and again, every few milliseconds, until it is so. The test's timeout ends it. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 3));
}
