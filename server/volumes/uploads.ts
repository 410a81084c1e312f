// The uploads under way, by the ids that their clients gave them: begun, let go, taken up again, expired.
import { Cancelled, InvalidArgument, LimitExceeded, NotFound } from '../errors.js';
import { headerSizeBytes, type VolumeHeader } from '../imaging/volume-header.js';
import type { Log } from '../log.js';
import { createKeyedQueue } from '../streams/keyed-queue.js';
import { checkVolumeHeader } from './check-volume-header.js';
import type { HashFiles } from './hash-files.js';
import { sameHeader } from './record.js';
import { openStaging } from './staging.js';
import type { Upload, Volume } from './store.js';
import type { StoreSpace } from './store-space.js';
import type { StoredVolumes } from './stored-volumes.js';
import { createUploadSession, type UploadSession } from './upload-session.js';

/** Each upload keeps two files open. */
const MAX_UPLOADS = 256;

export interface Uploads {
  open(id: string, header: VolumeHeader): Promise<Upload>;
  /** @throws NotFound */
  query(id: string): { committedBytes: number; volume?: Volume };
  /** Drops the upload that was let go longest ago; false when there is none. */
  dropOldestReleased(): Promise<boolean>;
  /** Bytes of uploads that nobody holds. */
  releasedBytes(): number;
  /** Drops all. */
  close(): Promise<void>;
}

export interface UploadsParts {
  readonly stagingFolder: string;
  readonly maxVolumeBytes: number;
  readonly uploadExpiryMs: number;
  readonly hashFiles: HashFiles;
  readonly space: StoreSpace;
  readonly stored: StoredVolumes;
  readonly log: Log;
}

export function createUploads(parts: UploadsParts): Uploads {
  const { uploadExpiryMs, space, stored, log } = parts;
  const inTurn = createKeyedQueue();
  const sessions = new Set<UploadSession>();
  const byId = new Map<string, UploadSession>();
  const finished = new Map<string, Volume>();
  const released = new Map<string, UploadSession>();
  const timers = new Map<string, NodeJS.Timeout>();
  const dropping = new Set<Promise<void>>();
  let closed = false;

  const expire = (id: string, work: () => void): void => {
    clearTimeout(timers.get(id));
    timers.set(id, setTimeout(work, uploadExpiryMs).unref());
  };
  const keepTime = (id: string): void => {
    clearTimeout(timers.get(id));
    timers.delete(id);
  };

  const begin = async (id: string, header: VolumeHeader): Promise<Upload> => {
    if (sessions.size >= MAX_UPLOADS && !(await dropOldestReleased())) {
      throw new LimitExceeded('Uploads at once', 'uploads', sessions.size + 1, MAX_UPLOADS, 'Let some finish first.');
    }
    const sizeBytes = headerSizeBytes(header);
    // Asked for before the file is made, so that a refusal costs nothing; `hold` asks again for good.
    await space.promise(sizeBytes);
    space.unpromise(sizeBytes);
    const makeRoom = (writtenBytes: number): Promise<boolean> => space.makeRoomOnDisk(sizeBytes - writtenBytes);
    const opening = openStaging(parts.stagingFolder, sizeBytes, parts.hashFiles, makeRoom);
    const staging = await space.orDiskFull(sizeBytes, opening);
    const session = createUploadSession({
      id,
      header,
      staging,
      space,
      install: stored.install,
      onFinished(volume) {
        forget(id, session);
        if (!id) return;
        finished.set(id, volume);
        expire(id, () => forgetFinished(id));
      },
      async onReleased() {
        if (id) keepForLater(id, session);
        else await session.drop(new Cancelled('The upload was let go.'));
      },
      onDropped(gone) {
        forget(id, session);
        dropping.add(gone);
        void gone.then(() => dropping.delete(gone));
      },
    });
    sessions.add(session);
    if (id) byId.set(id, session);
    try {
      return (await session.hold())!;
    } catch (error) {
      await session.drop(error);
      throw error;
    }
  };
  const keepForLater = (id: string, session: UploadSession): void => {
    released.set(id, session);
    expire(id, () => {
      log.info('upload expired', { id, committedBytes: session.committedBytes });
      void session.drop(new NotFound('upload', id, 'It expired.'));
    });
  };
  const forget = (id: string, session: UploadSession): void => {
    sessions.delete(session);
    if (byId.get(id) !== session) return;
    byId.delete(id);
    released.delete(id);
    keepTime(id);
  };
  const forgetFinished = (id: string): void => {
    finished.delete(id);
    keepTime(id);
  };

  const dropOldestReleased = async (): Promise<boolean> => {
    const [oldest] = released;
    if (!oldest) return false;
    const [id, session] = oldest;
    log.info('dropping an upload that nobody holds', { id, committedBytes: session.committedBytes });
    await session.drop(new NotFound('upload', id, 'The store needed its room.'));
    return true;
  };

  /** The upload that an id stands for already, if it does. */
  const takeUp = async (id: string, header: VolumeHeader): Promise<Upload | undefined> => {
    const session = byId.get(id);
    if (session) {
      requireSameHeader(id, header, session.header);
      keepTime(id);
      const waited = released.delete(id);
      try {
        const upload = await session.hold();
        if (upload) return upload;
      } catch (error) {
        if (waited && session.state === 'open') keepForLater(id, session);
        throw error;
      }
    }
    const known = finished.get(id);
    const volume = known && stored.find(known.name);
    if (!volume) {
      if (known) forgetFinished(id);
      return undefined;
    }
    requireSameHeader(id, header, volume.header);
    return finishedUpload(volume);
  };

  return {
    async open(id, header) {
      if (closed) throw new Cancelled('The host is stopping.');
      if (!/^[A-Za-z0-9_-]{0,64}$/.test(id)) {
        throw new InvalidArgument('header.upload_id', id, 'up to 64 of A-Z a-z 0-9 - _');
      }
      checkVolumeHeader(header, 'header.header', parts.maxVolumeBytes);
      if (!id) return begin(id, header);
      return inTurn(id, async () => (await takeUp(id, header)) ?? begin(id, header));
    },
    query(id) {
      const session = byId.get(id);
      if (session) return { committedBytes: session.committedBytes };
      const volume = stored.find(finished.get(id)?.name ?? '');
      if (volume) return { committedBytes: volume.sizeBytes, volume };
      throw new NotFound('upload', id, 'It was never begun, has expired, or the host was restarted: start again.');
    },
    dropOldestReleased,
    releasedBytes: () => [...released.values()].reduce((sum, session) => sum + session.committedBytes, 0),
    async close() {
      closed = true;
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
      const why = new Cancelled('The host is stopping.');
      await Promise.all([...sessions].map((session) => session.drop(why)));
      await Promise.all(dropping);
    },
  };
}

function requireSameHeader(id: string, header: VolumeHeader, begun: VolumeHeader): void {
  if (sameHeader(header, begun)) return;
  throw new InvalidArgument('header.header', 'another one', `the header that upload "${id}" was begun with`, {
    remedy: 'Use a new upload_id for another volume.',
  });
}

/** An upload that was finished before: the client lost the answer and asks again. */
function finishedUpload(volume: Volume): Upload {
  return {
    committedBytes: volume.sizeBytes,
    async write(offsetBytes, bytes) {
      if (offsetBytes === volume.sizeBytes && bytes.length === 0) return;
      throw new InvalidArgument('chunk.offset_bytes', offsetBytes, 'finish: all bytes are here already');
    },
    async finish(sent) {
      if (sent.sizeBytes === volume.sizeBytes && sent.sha256 === volume.sha256) return volume;
      throw new InvalidArgument('finish.sha256', sent.sha256, `${volume.sha256}, which the upload was finished with`);
    },
    async release() {},
  };
}
