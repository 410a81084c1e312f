// The transforms that this host knows, by MONAI's names: an explicit list.

import { activations } from './activations.js';
import { addLabelAsGuidance } from './add-label-as-guidance.js';
import { adjustContrast } from './adjust-contrast.js';
import { asDiscrete } from './as-discrete.js';
import { borderPad } from './border-pad.js';
import { castToType } from './cast-to-type.js';
import { centerSpatialCrop } from './center-spatial-crop.js';
import { clipIntensityPercentiles } from './clip-intensity-percentiles.js';
import { concatItems } from './concat-items.js';
import { copyItems } from './copy-items.js';
import { cropForeground } from './crop-foreground.js';
import { dataStats } from './data-stats.js';
import { deleteItems } from './delete-items.js';
import { divisiblePad } from './divisible-pad.js';
import { ensureChannelFirst } from './ensure-channel-first.js';
import { ensureType } from './ensure-type.js';
import { fillHoles } from './fill-holes.js';
import { flip } from './flip.js';
import { gaussianSmooth } from './gaussian-smooth.js';
import { identity } from './identity.js';
import { invert } from './invert.js';
import { invertArgmax } from './invert-argmax.js';
import { keepLargestConnectedComponent } from './keep-largest-connected-component.js';
import { labelFilter } from './label-filter.js';
import { labelToContour } from './label-to-contour.js';
import { lambda } from './lambda.js';
import { loadImage } from './load-image.js';
import { mapLabelValue } from './map-label-value.js';
import { maskIntensity } from './mask-intensity.js';
import { meanEnsemble } from './mean-ensemble.js';
import { medianSmooth } from './median-smooth.js';
import { normalizeIntensity } from './normalize-intensity.js';
import type { Arguments, Operator } from './operator.js';
import { orientation } from './orientation.js';
import { removeSmallObjects } from './remove-small-objects.js';
import { repeatChannel } from './repeat-channel.js';
import { resampleToMatch } from './resample-to-match.js';
import { resize } from './resize.js';
import { resizeWithPadOrCrop } from './resize-with-pad-or-crop.js';
import { rotate90 } from './rotate90.js';
import { saveClassification } from './save-classification.js';
import { saveImage } from './save-image.js';
import { scaleIntensity } from './scale-intensity.js';
import { scaleIntensityRange } from './scale-intensity-range.js';
import { scaleIntensityRangePercentiles } from './scale-intensity-range-percentiles.js';
import { selectItems } from './select-items.js';
import { shiftIntensity } from './shift-intensity.js';
import { spacing } from './spacing.js';
import { spatialCrop } from './spatial-crop.js';
import { spatialPad } from './spatial-pad.js';
import { spatialResample } from './spatial-resample.js';
import { squeezeDim } from './squeeze-dim.js';
import { thresholdIntensity } from './threshold-intensity.js';
import { toDevice } from './to-device.js';
import { toNumpy } from './to-numpy.js';
import { toTensor } from './to-tensor.js';
import { transpose } from './transpose.js';
import { voteEnsemble } from './vote-ensemble.js';
import { zoom } from './zoom.js';

/** In the order of a pipeline: in, geometry, intensity, answer, out. */
const OPERATORS: readonly Operator[] = [
  loadImage,
  ensureChannelFirst,
  ensureType,
  castToType,
  toTensor,
  toNumpy,
  toDevice,
  identity,
  dataStats,
  lambda,
  orientation,
  flip,
  rotate90,
  transpose,
  squeezeDim,
  spacing,
  spatialResample,
  resampleToMatch,
  resize,
  zoom,
  cropForeground,
  spatialPad,
  divisiblePad,
  borderPad,
  spatialCrop,
  centerSpatialCrop,
  resizeWithPadOrCrop,
  scaleIntensity,
  scaleIntensityRange,
  scaleIntensityRangePercentiles,
  clipIntensityPercentiles,
  maskIntensity,
  normalizeIntensity,
  shiftIntensity,
  thresholdIntensity,
  adjustContrast,
  gaussianSmooth,
  medianSmooth,
  repeatChannel,
  concatItems,
  selectItems,
  deleteItems,
  copyItems,
  addLabelAsGuidance,
  activations,
  invert,
  asDiscrete,
  keepLargestConnectedComponent,
  fillHoles,
  removeSmallObjects,
  labelFilter,
  mapLabelValue,
  labelToContour,
  meanEnsemble,
  voteEnsemble,
  saveImage,
  saveClassification,
];

const BY_NAME: ReadonlyMap<string, Operator> = new Map(OPERATORS.map((operator) => [operator.name, operator]));

/** Operators that only `fuseSteps` puts into a plan. */
const FUSED: ReadonlyMap<string, Operator> = new Map([[invertArgmax.name, invertArgmax]]);

/** The operator of that name: the array form `Spacing`, or a dictionary form: `Spacingd`, `SpacingD`, `SpacingDict`. */
export function findOperator(name: string): Operator | undefined {
  const array = BY_NAME.get(name);
  if (array && !array.dictionaryOnly) return array;
  return isDictionaryForm(name) ? BY_NAME.get(arrayFormName(name)) : undefined;
}

/** The operator of a planned step: also those that only `fuseSteps` puts in, which no bundle can name. */
export function operatorOfStep(name: string): Operator | undefined {
  return BY_NAME.get(name) ?? FUSED.get(name);
}

/** The names of all operators, in the order of a pipeline. */
export function operatorNames(): readonly string[] {
  return [...BY_NAME.keys()];
}

/** Whether that name is a dictionary form, which takes `keys`, of an operator here. */
export function isDictionaryForm(name: string): boolean {
  return !BY_NAME.has(name) && BY_NAME.has(arrayFormName(name));
}

/**
 * The arguments for one of a dictionary form's keys: an argument that takes a value for each key, given as a list with
 * one for each, becomes that key's value. Call it before `plan` when a step has more than one key.
 */
export function argumentsForKey(operator: Operator, args: Arguments, keyIndex: number, keyCount: number): Arguments {
  const own: Record<string, Arguments[string]> = { ...args };
  for (const { name, perKey } of operator.arguments) {
    const value = own[name];
    if (perKey && Array.isArray(value) && value.length === keyCount) own[name] = value[keyIndex];
  }
  return own;
}

function arrayFormName(name: string): string {
  return name.replace(/(Dict|D|d)$/, '');
}
