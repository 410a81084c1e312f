// Waiting for a state that nothing announces.

/** Asks again and again, one turn of the event loop after the other, until it is so. The test's timeout ends it. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}
