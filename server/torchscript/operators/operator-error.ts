// The one error of the operators: which call, what came, what would be needed.

/** A call that the graph cannot hold. The evaluator adds the line of source. */
export class OperatorError extends Error {
  /** As the program wrote it: `torch.conv3d`. */
  readonly operator: string;

  constructor(operator: string, message: string, options?: { cause?: unknown }) {
    super(`${operator}: ${message}`, options);
    this.name = 'OperatorError';
    this.operator = operator;
  }
}
