// The one error of this room, with where in the archive it lies. Nothing else of Voxhost is known here.

/**
 * What is wrong:
 * - `not-torchscript`: another kind of file, `weights-only`: PyTorch's, but without the network's code
 * - `damaged`: the archive, a pickle or the source is not as PyTorch writes it
 * - `refused`: it asks for something that is never done, such as calling a global
 * - `unsupported`: right, but not translated (an operator, a branch on a tensor's value)
 * - `limit`: more steps, bytes or depth than allowed
 * - `raised`: the network's own code raises for this input
 */
export type TorchScriptProblem =
  | 'not-torchscript'
  | 'weights-only'
  | 'damaged'
  | 'refused'
  | 'unsupported'
  | 'limit'
  | 'raised';

/** `where` is a record of the archive and the place in it, such as `code/__torch__.py:12`; empty for the whole file. */
export class TorchScriptError extends Error {
  override readonly name = 'TorchScriptError';
  readonly problem: TorchScriptProblem;
  readonly where: string;
  /** What went wrong, without the place. */
  readonly detail: string;

  constructor(problem: TorchScriptProblem, where: string, detail: string, options?: { cause?: unknown }) {
    super(where === '' ? detail : `${where}: ${detail}`, options);
    this.problem = problem;
    this.where = where;
    this.detail = detail;
  }

  /** The same error, placed: for one that was thrown where the place was not known. */
  at(where: string): TorchScriptError {
    return this.where === '' ? new TorchScriptError(this.problem, where, this.detail, { cause: this }) : this;
  }
}
