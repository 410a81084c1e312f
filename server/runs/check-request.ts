// Checks what a client asks for against what the workflow takes. Pure.
import { InvalidArgument } from '../errors.js';
import type { VolumeHeader } from '../imaging/volume-header.js';
import { checkInputs } from '../runner/check-input.js';
import type { ParameterValue, WorkflowDescription, WorkflowParameter } from '../workflows/workflow.js';

/** Characters of a `request_id`, at most. */
const MAX_REQUEST_ID = 128;

/** @throws InvalidArgument */
export function checkRequestId(requestId: string): void {
  if (requestId.length <= MAX_REQUEST_ID) return;
  throw new InvalidArgument('request_id', requestId, `1 to ${MAX_REQUEST_ID} characters, or none`);
}

/**
 * The parameters in force, defaults included.
 * @throws InvalidArgument naming `inputs.<name>` or `parameters.<name>`.
 */
export function checkRequest(
  description: WorkflowDescription,
  inputs: Readonly<Record<string, { readonly header: VolumeHeader }>>,
  parameters: Readonly<Record<string, ParameterValue>>,
): Readonly<Record<string, ParameterValue>> {
  checkInputs(inputs, description.inputs);
  const known = description.parameters.map((parameter) => parameter.name);
  for (const [name, value] of Object.entries(parameters)) {
    if (known.includes(name)) continue;
    const expected = known.length > 0 ? `one of ${known.join(', ')}` : 'no parameter: this workflow takes none';
    throw new InvalidArgument(`parameters.${name}`, value, expected);
  }
  return Object.fromEntries(
    description.parameters.map((parameter) => [parameter.name, valueInForce(parameter, parameters)]),
  );
}

function valueInForce(
  parameter: WorkflowParameter,
  parameters: Readonly<Record<string, ParameterValue>>,
): ParameterValue {
  const { name, minimum = -Infinity, maximum = Infinity, choices } = parameter;
  if (!Object.hasOwn(parameters, name)) return parameter.defaultValue;
  const value = parameters[name]!;
  const outside = typeof value === 'number' && (value < minimum || value > maximum);
  const notChosen = choices.length > 0 && !choices.includes(value);
  if (!hasType(parameter, value) || outside || notChosen) {
    throw new InvalidArgument(`parameters.${name}`, value, describe(parameter));
  }
  return value;
}

function hasType({ type }: WorkflowParameter, value: ParameterValue): boolean {
  if (type === 'number') return Number.isFinite(value);
  if (type === 'integer') return Number.isSafeInteger(value);
  return typeof value === type;
}

function describe({ type, minimum, maximum, choices }: WorkflowParameter): string {
  if (choices.length > 0) return `one of ${choices.join(', ')}`;
  const what = { number: 'a number', integer: 'a whole number', boolean: 'true or false', string: 'a text' }[type];
  if (minimum !== undefined && maximum !== undefined) return `${what} from ${minimum} to ${maximum}`;
  if (minimum !== undefined) return `${what} of at least ${minimum}`;
  return maximum === undefined ? what : `${what} of at most ${maximum}`;
}
