// Volumes at rest, as the other rooms see them. `openVolumeStore` (open-volume-store.ts) gives the one on this disk.
import type { VolumeHeader } from '../imaging/volume-header.js';

/** A volume that the store has. */
export interface Volume {
  /** 64 hexadecimal digits that follow from the header and the voxels' digest. */
  readonly name: string;
  readonly header: VolumeHeader;
  readonly sizeBytes: number;
  /** SHA-256 of the voxels, 64 lower-case hexadecimal digits. */
  readonly sha256: string;
  readonly createTimeMs: number;
  /** Where the voxels lie on disk. Read-only; stays while the volume is pinned. */
  readonly file: string;
}

/** An upload that this call holds. */
export interface Upload {
  /** Bytes that are safe; the next chunk starts here. */
  readonly committedBytes: number;
  /**
   * Appends plain bytes. Resolves when the next chunk may come: that is the backpressure.
   * @throws InvalidArgument when `offsetBytes` is not `committedBytes` or the declared size would be exceeded;
   *   LimitExceeded when the store or the disk is full; VoxhostError ABORTED when another call took the upload over.
   */
  write(offsetBytes: number, bytes: Uint8Array): Promise<void>;
  /**
   * Makes it a volume. `onPlaced` is called as soon as that can be read and pinned; the promise resolves when the next
   * start of the host would find it.
   * @throws VoxhostError DATA_LOSS when size or digest differ (the upload is dropped).
   */
  finish(sent: { sizeBytes: number; sha256: string }, onPlaced?: (volume: Volume) => void): Promise<Volume>;
  /** Lets go of it: kept for resuming when it has an id, dropped otherwise. Safe to call twice and after `finish`. */
  release(): Promise<void>;
}

/** Volumes on this machine's disk, known by digest. */
export interface VolumeStore {
  /** Begins an upload, or goes on with the one of that id (whoever held it is told ABORTED). */
  openUpload(uploadId: string, header: VolumeHeader): Promise<Upload>;
  /** How far an upload is. @throws NotFound */
  queryUpload(uploadId: string): { committedBytes: number; volume?: Volume };
  /** The volume of these voxels under this header, if the voxels are here; makes its record when only that lacks. */
  findVolume(header: VolumeHeader, sha256: string): Promise<Volume | undefined>;
  /** @throws NotFound */
  getVolume(name: string): Volume;
  /** @throws NotFound; FailedPrecondition when pinned. */
  deleteVolume(name: string): Promise<void>;
  /** The voxels, in chunks. Stays whole while being read even if evicted. @throws NotFound; OUT_OF_RANGE. */
  readVolume(
    name: string,
    range: { offsetBytes: number; limitBytes: number; chunkBytes: number },
    signal: AbortSignal,
  ): AsyncIterable<{ offsetBytes: number; bytes: Buffer }>;
  /** Keeps a volume from being evicted or deleted until the returned function is called. @throws NotFound */
  pinVolume(name: string): () => void;
  /** Keeps a volume from being evicted, though not from being deleted, until the returned function is called. @throws NotFound */
  keepVolume(name: string): () => void;
  /** On the store's own disk, for the result files of runs; emptied at every start. */
  readonly scratchFolder: string;
  /**
   * Takes a finished file of voxels as a volume; the file is gone then. `sha256` is trusted: it comes from our own runner.
   * `onPlaced` as in `Upload.finish`.
   */
  adoptFile(file: string, header: VolumeHeader, sha256: string, onPlaced?: (volume: Volume) => void): Promise<Volume>;
  usage(): { usedBytes: number; quotaBytes: number };
  close(): Promise<void>;
}
