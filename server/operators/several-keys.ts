// What transforms of several keys share: their images, and the keys that come and go.
import type { Image } from '../imaging/image.js';

/** The images of some keys, in their order. @throws RangeError for a key without one */
export function imagesOf(images: ReadonlyMap<string, Image>, keys: readonly string[]): readonly Image[] {
  return keys.map((key) => {
    const image = images.get(key);
    if (!image) throw new RangeError(`there is no image "${key}" at this step`);
    return image;
  });
}

/** All images and one more, or another under a key. */
export function withImage(images: ReadonlyMap<string, Image>, key: string, image: Image): ReadonlyMap<string, Image> {
  return new Map([...images, [key, image]]);
}

/** An image that a second key holds too: neither may be overwritten. */
export function shared(image: Image): Image {
  return { ...image, owned: false };
}
