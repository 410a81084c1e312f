// The names that a workflow, and so its folder, may have.
import { InvalidArgument } from '../errors.js';

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** Whether a folder of that name is a workflow. Dot folders are not. Windows would drop a dot at the end. */
export function isWorkflowName(name: string): boolean {
  return NAME.test(name) && !name.endsWith('.');
}

/** @throws InvalidArgument naming `field`. */
export function checkWorkflowName(field: string, name: string): void {
  if (isWorkflowName(name)) return;
  throw new InvalidArgument(field, name, '1 to 64 of A-Z a-z 0-9 . _ -, starting with a letter or digit', {
    remedy: 'It becomes the name of a folder.',
  });
}
