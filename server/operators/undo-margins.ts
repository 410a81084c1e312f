// Takes back what cropping and padding did, as MONAI does: padding is cut off, what was cut off comes back as zeros.
import { crop, type Margins, pad } from '../imaging/crop-pad.js';
import type { Image } from '../imaging/image.js';

export function unpad(image: Image, added: Margins): Image {
  return crop(image, added);
}

export function uncrop(image: Image, cut: Margins): Image {
  return pad(image, cut, 'constant', 0);
}
