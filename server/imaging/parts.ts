// All work that is shared out in parts, by the names that threads know it by.
import { obliqueLabels } from './argmax-oblique.js';
import { doubtfulCells, sureCells, turnPlanes } from './argmax-resample.js';
import { obliqueSamples } from './resample.js';
import { nearestAligned, nearestOblique } from './resample-nearest.js';
import { separableSamples } from './resample-separable.js';
import { linearResizing } from './resize-linear.js';
import { labelVoxels } from './sure-labels.js';

export const PARTS = {
  doubtfulCells,
  labelVoxels,
  linearResizing,
  nearestAligned,
  nearestOblique,
  obliqueLabels,
  obliqueSamples,
  separableSamples,
  sureCells,
  turnPlanes,
};
