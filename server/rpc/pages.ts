// Pages of a list: tokens that only this host can make and that say nothing to anybody else.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { InvalidArgument } from '../errors.js';

const DEFAULT_PAGE_SIZE = 100;
const MAX_PAGE_SIZE = 1000;
const SEAL_BYTES = 12;

export interface PageRequest {
  readonly pageSize: number;
  readonly pageToken: string;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Empty on the last page. */
  readonly nextPageToken: string;
}

export interface PagedList<T> {
  /** The name of the list: a token of one list is none of another. */
  readonly name: string;
  /** What a token remembers of the last item of its page. */
  remember(item: T): string;
  /** Whether an item comes after the remembered one, which may be gone since. Items are in order. */
  isAfter(item: T, remembered: string): boolean;
}

/** Cuts pages from a list in order. @param secret known to this process alone @throws InvalidArgument */
export function createPages<T>(list: PagedList<T>, secret: Uint8Array) {
  const seal = (text: string): Buffer =>
    createHmac('sha256', secret).update(`${list.name}\0${text}`).digest().subarray(0, SEAL_BYTES);

  const openToken = (token: string): string => {
    const bytes = Buffer.from(token, 'base64url');
    const text = bytes.subarray(SEAL_BYTES).toString('utf8');
    const isOurs = bytes.length > SEAL_BYTES && timingSafeEqual(bytes.subarray(0, SEAL_BYTES), seal(text));
    if (isOurs) return text;
    throw new InvalidArgument('page_token', token, 'the next_page_token of the page before', {
      remedy: 'Start again with an empty one.',
    });
  };

  return (items: readonly T[], request: PageRequest): Page<T> => {
    if (request.pageSize < 0) throw new InvalidArgument('page_size', request.pageSize, '0 or more');
    const size = Math.min(request.pageSize || DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE);
    const remembered = request.pageToken === '' ? undefined : openToken(request.pageToken);
    const rest = remembered === undefined ? items : items.filter((item) => list.isAfter(item, remembered));
    const page = rest.slice(0, size);
    const last = page.at(-1);
    if (last === undefined || rest.length <= size) return { items: page, nextPageToken: '' };
    const text = list.remember(last);
    return { items: page, nextPageToken: Buffer.concat([seal(text), Buffer.from(text, 'utf8')]).toString('base64url') };
  };
}
