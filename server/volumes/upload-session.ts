// One upload from its first byte to its finish, whoever holds it meanwhile.
import { InvalidArgument, VoxhostError } from '../errors.js';
import { headerSizeBytes, type VolumeHeader } from '../imaging/volume-header.js';
import { HEX_64 } from './record.js';
import type { Staging } from './staging.js';
import type { Upload, Volume } from './store.js';
import type { StoreSpace } from './store-space.js';
import type { StoredVolumes } from './stored-volumes.js';

export interface UploadSession {
  readonly header: VolumeHeader;
  readonly committedBytes: number;
  readonly state: 'open' | 'finished' | 'dropped';
  /**
   * Gives the upload to a new holder, who has what the earlier one wrote; that one is told ABORTED from now on.
   * Undefined when the earlier one's `finish` was under way and ended it.
   * @throws LimitExceeded when the store has no room for the rest.
   */
  hold(): Promise<Upload | undefined>;
  /** Ends it and removes its bytes; `why` is what a holder is told. Safe to call twice and after the finish. */
  drop(why: unknown): Promise<void>;
}

/** What a session is made of. */
export interface SessionParts {
  readonly id: string;
  readonly header: VolumeHeader;
  readonly staging: Staging;
  readonly space: StoreSpace;
  /** Makes what is staged a volume. */
  readonly install: StoredVolumes['install'];
  onFinished(volume: Volume): void;
  /** The holder let go before the finish. */
  onReleased(): Promise<void>;
  /** It was dropped; its bytes are gone when `gone` resolves. */
  onDropped(gone: Promise<void>): void;
}

export function createUploadSession(parts: SessionParts): UploadSession {
  const { id, header, staging, space } = parts;
  const declaredBytes = headerSizeBytes(header);
  let state: UploadSession['state'] = 'open';
  let holder: object | undefined;
  let endedBecause: unknown;
  let stagedBytes = 0;
  let promisedBytes = 0;
  let finishing: Promise<unknown> | undefined;
  let dropping: Promise<void> | undefined;

  const unstage = (): void => {
    space.unstage(stagedBytes);
    stagedBytes = 0;
  };
  const letGo = (): void => {
    space.unpromise(promisedBytes);
    promisedBytes = 0;
    holder = undefined;
  };
  const dropNow = (why: unknown): Promise<void> => {
    if (state !== 'open') return dropping ?? Promise.resolve();
    letGo();
    state = 'dropped';
    endedBecause = why;
    dropping = staging.drop().then(unstage);
    parts.onDropped(dropping);
    return dropping;
  };
  /** Ends the upload because of `error`, and throws it in words for the client. */
  const fail = async (error: unknown): Promise<never> => {
    await dropNow(await space.orDiskFull(declaredBytes, Promise.reject(error)).catch((told: unknown) => told));
    throw endedBecause;
  };
  const requireHolder = (me: object): void => {
    if (holder === me) return;
    throw state === 'dropped' ? endedBecause : takenOver(id);
  };

  const write = async (me: object, offsetBytes: number, bytes: Uint8Array): Promise<void> => {
    requireHolder(me);
    const at = staging.sizeBytes;
    if (offsetBytes !== at) {
      throw new InvalidArgument('chunk.offset_bytes', offsetBytes, `${at}: chunks come in order, without gaps`, {
        reason: 'CHUNK_OUT_OF_ORDER',
      });
    }
    if (at + bytes.length > declaredBytes) {
      const expected = `at most ${declaredBytes - at}: the header describes ${declaredBytes} bytes`;
      throw new InvalidArgument('chunk.data', `${bytes.length} bytes`, expected, { reason: 'TOO_MANY_BYTES' });
    }
    if (bytes.length === 0) return;
    stagedBytes += bytes.length;
    promisedBytes -= bytes.length;
    try {
      // Both begin in this very turn: the next call sees these bytes as taken.
      const appended = staging.append(bytes);
      await Promise.all([appended, space.stage(bytes.length)]);
    } catch (error) {
      await fail(error);
    }
    requireHolder(me);
  };

  const finish = async (
    me: object,
    sent: { sizeBytes: number; sha256: string },
    onPlaced?: (volume: Volume) => void,
  ): Promise<Volume> => {
    requireHolder(me);
    if (!HEX_64.test(sent.sha256)) {
      throw new InvalidArgument('finish.sha256', sent.sha256, '64 lower-case hexadecimal digits');
    }
    const arrived = staging.sizeBytes;
    if (sent.sizeBytes !== arrived || arrived !== declaredBytes) {
      return fail(wrongSize(sent.sizeBytes, arrived, declaredBytes));
    }
    try {
      const sha256 = await staging.finish();
      if (sha256 !== sent.sha256) return await fail(wrongDigest(sent.sha256, sha256));
      const volume = await parts.install(staging, header, sha256, (placed) => {
        unstage();
        onPlaced?.(placed);
      });
      letGo();
      state = 'finished';
      parts.onFinished(volume);
      await staging.drop();
      return volume;
    } catch (error) {
      return fail(error);
    }
  };

  return {
    header,
    get committedBytes() {
      return staging.sizeBytes;
    },
    get state() {
      return state;
    },
    async hold() {
      const me = {};
      if (!holder) {
        const left = declaredBytes - staging.sizeBytes;
        await space.promise(left);
        promisedBytes = left;
      }
      holder = me;
      await finishing?.catch(() => {});
      if (state !== 'open') return undefined;
      await staging.flush().catch(fail);
      return {
        get committedBytes() {
          return staging.sizeBytes;
        },
        write: (offsetBytes, bytes) => write(me, offsetBytes, bytes),
        finish(sent, onPlaced) {
          const result = finish(me, sent, onPlaced);
          finishing = result;
          return result;
        },
        async release() {
          await finishing?.catch(() => {});
          if (holder !== me || state !== 'open') return;
          letGo();
          await parts.onReleased();
        },
      };
    },
    async drop(why) {
      await finishing?.catch(() => {});
      await dropNow(why);
    },
  };
}

function takenOver(id: string): VoxhostError {
  return new VoxhostError({
    code: 'ABORTED',
    reason: 'UPLOAD_NOT_HELD',
    message: id
      ? `Upload "${id}" is no longer this call's: another call continued it, or this one let it go.`
      : 'This upload was let go: begin it again.',
    metadata: { upload_id: id },
  });
}

function wrongSize(sent: number, arrived: number, declared: number): VoxhostError {
  return dataLoss(
    'SIZE_MISMATCH',
    `finish.size_bytes is ${sent}, ${arrived} bytes arrived and the header describes ${declared}.`,
    { sent: String(sent), arrived: String(arrived), declared: String(declared) },
  );
}

function wrongDigest(sent: string, arrived: string): VoxhostError {
  return dataLoss('DIGEST_MISMATCH', `finish.sha256 is ${sent}, but what arrived has ${arrived}.`, { sent, arrived });
}

function dataLoss(reason: string, what: string, metadata: Record<string, string>): VoxhostError {
  const message = `${what} The upload was dropped: send the volume again.`;
  return new VoxhostError({ code: 'DATA_LOSS', reason, message, metadata });
}
