// From an archive's records to what an evaluation needs: its pickles read, its code at hand, its weights as views.
import type { Archive } from './archive/archive.js';
import type { NetworkSource } from './evaluate/run-network.js';
import type { Pickled } from './pickle/pickled.js';
import { type PickleLimits, readPickle } from './pickle/read-pickle.js';
import type { LoadStorage } from './pickle/storages.js';
import { type CodeLimits, openCode } from './source/code.js';

export interface ReadArchive {
  readonly archive: Archive;
  readonly formatVersion: number;
  readonly source: NetworkSource;
}

export function readSource(archive: Archive, formatVersion: number, limits: CodeLimits): ReadArchive {
  const source = {
    code: openCode(archive, limits),
    data: readWithStorages(archive, 'data', limits),
    constants: readWithStorages(archive, 'constants', limits),
    weights: new Map(),
  };
  return { archive, formatVersion, source };
}

/** A pickle whose storages lie in the folder of its name, each read once. */
function readWithStorages(archive: Archive, name: string, limits: PickleLimits): Pickled {
  const storages = new Map<string, ReturnType<LoadStorage>>();
  const load: LoadStorage = (key) => {
    const record = `${name}/${key}`;
    const found = storages.get(key) ?? { record, bytes: archive.read(record) };
    storages.set(key, found);
    return found;
  };
  return readPickle(archive.read(`${name}.pkl`), `${name}.pkl`, load, limits);
}
