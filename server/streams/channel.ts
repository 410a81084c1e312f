// A bounded queue between one producer and one reader: push waits for room, the reader pulls with `for await`.

/** One end pushes, the other iterates, once. */
export interface Channel<T> extends AsyncIterable<T> {
  /**
   * Hands a value over; resolves when there is room for the next. False means that nobody will read it (the reader
   * left, or the channel was ended): stop producing.
   */
  push(value: T): Promise<boolean>;
  /** No more values; the reader gets what is there, then its loop ends. */
  end(): void;
  /** The reader gets what is there, then this error. */
  fail(error: unknown): void;
}

/** @param capacity values that may wait for the reader before `push` waits: 1 or more. */
export function createChannel<T>(capacity: number): Channel<T> {
  const values: T[] = [];
  const pushers: ((accepted: boolean) => void)[] = [];
  let wakeReader: (() => void) | undefined;
  let closing: { error?: unknown } | undefined;
  let readerLeft = false;

  const wake = (): void => {
    wakeReader?.();
    wakeReader = undefined;
  };
  const release = (accepted: boolean): void => {
    for (const resolve of pushers.splice(0)) resolve(accepted);
  };
  const close = (how: { error?: unknown }): void => {
    closing ??= how;
    release(true);
    wake();
  };

  async function* read(): AsyncGenerator<T, void, undefined> {
    try {
      while (true) {
        while (values.length > 0) {
          const value = values.shift() as T;
          pushers.shift()?.(true);
          yield value;
        }
        if (closing) break;
        await new Promise<void>((resolve) => {
          wakeReader = resolve;
        });
      }
      if (closing && 'error' in closing) throw closing.error;
    } finally {
      readerLeft = true;
      values.length = 0;
      release(false);
    }
  }

  const reader = read();
  return {
    push(value) {
      if (readerLeft || closing) return Promise.resolve(false);
      values.push(value);
      wake();
      if (values.length <= capacity) return Promise.resolve(true);
      return new Promise((resolve) => pushers.push(resolve));
    },
    end: () => close({}),
    fail: (error) => close({ error }),
    [Symbol.asyncIterator]: () => reader,
  };
}
