// SpatialResample: onto a grid given by its affine. A bundle has no way to give one: without it the image stays as it is.
import { affineOfAxes } from '../imaging/matrices.js';
import { ArgumentReader, DICTIONARY_ARGUMENTS, LAZY } from './arguments.js';
import type { Operator, Outline } from './operator.js';
import { outlineOfResampling, planSampling, resample, resampleBack, type WorldGrid } from './resampling.js';

export const spatialResample: Operator = {
  name: 'SpatialResample',
  arguments: [
    { name: 'mode', defaultValue: 'bilinear', perKey: true },
    { name: 'padding_mode', defaultValue: 'border', perKey: true },
    { name: 'align_corners', defaultValue: false, perKey: true },
    { name: 'dtype', defaultValue: 'float64', ignored: true },
    LAZY,
    { name: 'dst_keys', defaultValue: 'dst_affine', dictionaryOnly: true },
    ...DICTIONARY_ARGUMENTS,
  ],
  plan(args, place) {
    const read = new ArgumentReader(args, place);
    if (read.value('dst_keys') !== null) {
      read.unsupported('dst_keys', 'an affine under a key of its own', 'ResampleToMatchd takes the grid of an image.');
    }
    return planSampling(read);
  },

  outline(image) {
    return outlineOfResampling(image, 'SpatialResample', ownGrid(image));
  },
  apply(image, args, { threads }) {
    return resample(image, 'SpatialResample', ownGrid(image), args, threads);
  },
  invert: resampleBack,
};

function ownGrid({ sizes, affineRas }: Outline): WorldGrid {
  return { sizes, affine: affineOfAxes(affineRas, sizes.length) };
}
