// Volumes, their headers, keys and chunk encodings, from and to the wire. Pure.
import type { ChunkEncoding__Output } from '../../proto/generated/voxhost/v1/ChunkEncoding.js';
import type { Volume as WireVolume } from '../../proto/generated/voxhost/v1/Volume.js';
import type {
  VolumeHeader__Output,
  VolumeHeader as WireHeader,
} from '../../proto/generated/voxhost/v1/VolumeHeader.js';
import type { VolumeKey__Output } from '../../proto/generated/voxhost/v1/VolumeKey.js';
import { InvalidArgument } from '../errors.js';
import { COMPONENT_BYTES, type ComponentType, type VolumeHeader } from '../imaging/volume-header.js';
import { checkVolumeHeader } from '../volumes/check-volume-header.js';
import type { Volume } from '../volumes/store.js';
import { timestampToWire } from './well-known-wire.js';

const TYPE_PREFIX = 'COMPONENT_TYPE_';

export function volumeToWire(volume: Volume): WireVolume {
  return {
    name: volume.name,
    header: headerToWire(volume.header),
    sizeBytes: volume.sizeBytes,
    sha256: volume.sha256,
    createTime: timestampToWire(volume.createTimeMs),
  };
}

export function headerToWire(header: VolumeHeader): WireHeader {
  return {
    sizes: [...header.sizes],
    componentType: `${TYPE_PREFIX}${header.componentType.toUpperCase() as Uppercase<ComponentType>}`,
    components: header.components,
    indexToWorldLps: [...header.indexToWorldLps],
    modality: header.modality,
  };
}

/** A header, checked. `field` is its path in the message. @throws InvalidArgument */
export function headerFromWire(header: VolumeHeader__Output | null, field: string): VolumeHeader {
  if (header === null) throw new InvalidArgument(field, undefined, 'the header of a volume');
  const type = String(header.componentType);
  const componentType = type.slice(TYPE_PREFIX.length).toLowerCase();
  if (!isComponentType(componentType)) {
    const known = Object.keys(COMPONENT_BYTES).map((name) => TYPE_PREFIX + name.toUpperCase());
    throw new InvalidArgument(`${field}.component_type`, type, `one of ${known.join(', ')}`);
  }
  const plain: VolumeHeader = {
    sizes: header.sizes,
    componentType,
    components: header.components === 0 ? 1 : header.components,
    indexToWorldLps: header.indexToWorldLps,
    modality: header.modality,
  };
  checkVolumeHeader(plain, field);
  return plain;
}

function isComponentType(name: string): name is ComponentType {
  return Object.hasOwn(COMPONENT_BYTES, name);
}

/** A digest, checked for its form. @throws InvalidArgument */
export function sha256FromWire(sha256: string, field: string): string {
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new InvalidArgument(field, sha256, '64 lower-case hexadecimal digits');
  return sha256;
}

/** A header and a digest, both checked. @throws InvalidArgument */
export function volumeKeyFromWire(key: VolumeKey__Output, field: string): { header: VolumeHeader; sha256: string } {
  return {
    header: headerFromWire(key.header, `${field}.header`),
    sha256: sha256FromWire(key.sha256, `${field}.sha256`),
  };
}

/** A number of bytes, checked. @throws InvalidArgument when it is negative or above 2^53. */
export function bytesFromWire(bytes: number, field: string): number {
  if (!Number.isSafeInteger(bytes) || bytes < 0) throw new InvalidArgument(field, bytes, 'a number of bytes from 0');
  return bytes;
}

/** Whether a client reads chunks made with delta, shuffle and DEFLATE. Encodings of the future are passed over. */
export function readsDeltaShuffleDeflate(accepted: readonly ChunkEncoding__Output[]): boolean {
  return accepted.includes('CHUNK_ENCODING_DELTA_SHUFFLE_DEFLATE');
}
