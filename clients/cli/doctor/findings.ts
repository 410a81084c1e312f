// What `voxhost doctor` finds: one line a thing, with what to do about it.

/** One thing looked at. */
export interface Finding {
  readonly name: string;
  /** `note`: works, but worth knowing. `bad`: a host will not work. */
  readonly state: 'ok' | 'note' | 'bad';
  readonly detail: string;
  /** What to do; empty when nothing is wrong. */
  readonly remedy: string;
}

/** A finding that is as it should be. */
export function fine(name: string, detail: string): Finding {
  return { name, state: 'ok', detail, remedy: '' };
}

/** A finding to know of. */
export function note(name: string, detail: string, remedy: string): Finding {
  return { name, state: 'note', detail, remedy };
}

/** A finding that keeps a host from working. */
export function bad(name: string, detail: string, remedy: string): Finding {
  return { name, state: 'bad', detail, remedy };
}
