// Who gets how much of the store: the quota, the disk behind it, and what makes way when it is full.
import { statfs } from 'node:fs/promises';
import { LimitExceeded } from '../errors.js';
import { isDiskFull } from './staging-file.js';

export interface StoreSpace {
  /**
   * Promises room for bytes that an upload will bring. Nothing is evicted for a promise.
   * @throws LimitExceeded when not even evicting all that is idle would make that room.
   */
  promise(bytes: number): Promise<void>;
  /** Takes a promise back. */
  unpromise(bytes: number): void;
  /** Promised bytes arrive: evicts until they fit. @throws LimitExceeded; they count all the same until `unstage`. */
  stage(bytes: number): Promise<void>;
  /** Staged bytes are gone, or count as a volume now. */
  unstage(bytes: number): void;
  /** Evicts until `bytes` more fit. @throws LimitExceeded */
  makeRoom(bytes: number): Promise<void>;
  /** The disk is full: evicts `bytes` of idle volumes, if there are as many; otherwise nothing, and false. */
  makeRoomOnDisk(bytes: number): Promise<boolean>;
  /** What `work` gives. @throws LimitExceeded where it fails because the disk has no room for `bytes`. */
  orDiskFull<T>(bytes: number, work: Promise<T>): Promise<T>;
  usedBytes(): number;
}

/** What the space is shared by. */
export interface Tenants {
  /** Bytes of volumes. */
  storedBytes(): number;
  /** Bytes that evicting would free. */
  idleBytes(): number;
  /** Frees the least recently used of them; false when there is none. */
  evictOldest(): Promise<boolean>;
}

export function createStoreSpace(root: string, quotaBytes: number, tenants: Tenants): StoreSpace {
  let stagedBytes = 0;
  let promisedBytes = 0;
  let evictions: Promise<unknown> = Promise.resolve();

  const usedBytes = (): number => tenants.storedBytes() + stagedBytes;
  let seen = { freeBytes: 0, atMs: Number.NEGATIVE_INFINITY };
  const freeDiskBytes = async (): Promise<number> => {
    const disk = await statfs(root).catch(() => undefined);
    seen = { freeBytes: disk ? disk.bavail * disk.bsize : Number.POSITIVE_INFINITY, atMs: performance.now() };
    return seen.freeBytes;
  };
  /** Whether the disk had so much more than these bytes a moment ago that it need not be asked again. */
  const isSmall = (bytes: number): boolean => bytes < seen.freeBytes / 64 && performance.now() - seen.atMs < 1_000;
  /** Evicts, one caller after the other, until `enough` says so; false when nothing is left to evict. */
  const evictUntil = (enough: () => boolean): Promise<boolean> => {
    const result = evictions.then(async () => {
      while (!enough()) if (!(await tenants.evictOldest())) return false;
      return true;
    });
    evictions = result.catch(() => {});
    return result;
  };
  const quotaReached = (bytes: number, allowed: number): LimitExceeded =>
    new LimitExceeded(
      `Room in the volume store (quota ${quotaBytes} bytes)`,
      'bytes',
      bytes,
      Math.max(0, allowed),
      'Wait for runs and uploads to end, delete volumes, or have the host given a larger store quota.',
    );
  const diskFull = async (bytes: number): Promise<LimitExceeded> =>
    new LimitExceeded(
      `Room on the disk of ${root}`,
      'bytes',
      bytes,
      await freeDiskBytes(),
      'Free space on that disk, or start the host with its data folder (--data) on another one.',
    );
  const evictFor = async (bytes: number): Promise<void> => {
    if (usedBytes() + bytes <= quotaBytes) return;
    if (!(await evictUntil(() => usedBytes() + bytes <= quotaBytes))) {
      throw quotaReached(bytes, quotaBytes - usedBytes());
    }
  };

  return {
    async promise(bytes) {
      const others = promisedBytes;
      promisedBytes += bytes;
      try {
        const idleBytes = tenants.idleBytes();
        const allowed = quotaBytes - (usedBytes() - idleBytes) - others;
        if (bytes > allowed) throw quotaReached(bytes, allowed);
        if (isSmall(bytes + others)) return;
        if (bytes + others > (await freeDiskBytes()) + idleBytes) throw await diskFull(bytes);
      } catch (error) {
        promisedBytes -= bytes;
        throw error;
      }
    },
    unpromise(bytes) {
      promisedBytes -= bytes;
    },
    async stage(bytes) {
      promisedBytes -= bytes;
      stagedBytes += bytes;
      await evictFor(0);
    },
    unstage(bytes) {
      stagedBytes -= bytes;
    },
    makeRoom: evictFor,
    async makeRoomOnDisk(bytes) {
      if (tenants.idleBytes() < bytes) return false;
      const target = tenants.storedBytes() - bytes;
      return evictUntil(() => tenants.storedBytes() <= target);
    },
    async orDiskFull(bytes, work) {
      try {
        return await work;
      } catch (error) {
        throw isDiskFull(error) ? await diskFull(bytes) : error;
      }
    },
    usedBytes,
  };
}
