// What the store has, in memory: volumes by name, their voxels ("blobs") by digest, and who still needs them. No I/O.
import type { Volume } from './store.js';

/** Voxels on disk: one file, shared by every volume that has just these bytes. */
export interface Blob {
  readonly sha256: string;
  readonly sizeBytes: number;
  /** The volumes that have these voxels. */
  readonly names: ReadonlySet<string>;
}

export interface VolumeIndex {
  get(name: string): Volume | undefined;
  blob(sha256: string): Blob | undefined;
  addBlob(sha256: string, sizeBytes: number): void;
  removeBlob(sha256: string): void;
  /** Adds a volume whose blob is there. */
  add(volume: Volume): void;
  /** Takes a volume away; its blob stays, even without volumes. */
  remove(name: string): void;
  /** Makes these voxels the most recently used. */
  touch(sha256: string): void;
  /** Keeps the volume from eviction and deletion until the returned function is called. */
  pin(name: string, onRelease: () => void): () => void;
  isPinned(name: string): boolean;
  /** Keeps the voxels' file, though its volumes may be deleted, until the returned function is called. */
  hold(sha256: string, onRelease: () => void): () => void;
  /** Whether nobody needs the voxels: no volume, no pin, no hold. */
  isUnused(sha256: string): boolean;
  /** The least recently used voxels without pin and hold. */
  oldestIdle(): Blob | undefined;
  /** Bytes of all blobs. */
  totalBytes(): number;
  /** Bytes of all blobs without pin and hold. */
  idleBytes(): number;
}

interface Entry extends Blob {
  readonly names: Set<string>;
  /** Pins and holds. */
  keepers: number;
}

export function createVolumeIndex(): VolumeIndex {
  const volumes = new Map<string, Volume>();
  const pins = new Map<string, number>();
  // In order of use, the least recent first.
  const blobs = new Map<string, Entry>();
  let totalBytes = 0;

  const need = (sha256: string): Entry => {
    const blob = blobs.get(sha256);
    if (!blob) throw new Error(`there is no blob ${sha256}`);
    return blob;
  };
  const hold = (sha256: string, onRelease: () => void): (() => void) => {
    const blob = need(sha256);
    blob.keepers++;
    let released = false;
    return () => {
      if (released) return;
      released = true;
      blob.keepers--;
      onRelease();
    };
  };

  return {
    get: (name) => volumes.get(name),
    blob: (sha256) => blobs.get(sha256),
    addBlob(sha256, sizeBytes) {
      if (blobs.has(sha256)) throw new Error(`blob ${sha256} is there already`);
      blobs.set(sha256, { sha256, sizeBytes, names: new Set(), keepers: 0 });
      totalBytes += sizeBytes;
    },
    removeBlob(sha256) {
      totalBytes -= need(sha256).sizeBytes;
      blobs.delete(sha256);
    },
    add(volume) {
      need(volume.sha256).names.add(volume.name);
      volumes.set(volume.name, volume);
    },
    remove(name) {
      const volume = volumes.get(name);
      if (!volume) return;
      volumes.delete(name);
      blobs.get(volume.sha256)?.names.delete(name);
    },
    touch(sha256) {
      const blob = need(sha256);
      blobs.delete(sha256);
      blobs.set(sha256, blob);
    },
    pin(name, onRelease) {
      pins.set(name, (pins.get(name) ?? 0) + 1);
      return hold(volumes.get(name)!.sha256, () => {
        const left = pins.get(name)! - 1;
        if (left > 0) pins.set(name, left);
        else pins.delete(name);
        onRelease();
      });
    },
    isPinned: (name) => pins.has(name),
    hold,
    isUnused(sha256) {
      const blob = need(sha256);
      return blob.names.size === 0 && blob.keepers === 0;
    },
    oldestIdle() {
      for (const blob of blobs.values()) if (blob.keepers === 0) return blob;
      return undefined;
    },
    totalBytes: () => totalBytes,
    idleBytes: () => [...blobs.values()].reduce((sum, blob) => sum + (blob.keepers === 0 ? blob.sizeBytes : 0), 0),
  };
}
