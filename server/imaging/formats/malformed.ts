// How every format says that a file is not what it claims: the file, the header's field, what came, what was expected.
import { InvalidArgument } from '../../errors.js';

/** An image file lies or cannot be read here. `field` is the header's own word, such as `dim[1]`. */
export function malformed(file: string, field: string, got: unknown, expected: string, remedy = ''): InvalidArgument {
  return new InvalidArgument(`${file}: ${field}`, got, expected, {
    reason: 'INVALID_IMAGE_FILE',
    ...(remedy ? { remedy } : {}),
  });
}
