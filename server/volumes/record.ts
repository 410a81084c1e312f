// What the store keeps of a volume beside its voxels: a small JSON file named after the volume.
import { createHash } from 'node:crypto';
import { headerSizeBytes, type VolumeHeader } from '../imaging/volume-header.js';
import { checkVolumeHeader } from './check-volume-header.js';

/** A volume's record on disk. */
export interface VolumeRecord {
  readonly header: VolumeHeader;
  readonly sha256: string;
  readonly createTimeMs: number;
}

/** 64 lower-case hexadecimal digits: a digest or a volume's name. Nothing else becomes a file's name here. */
export const HEX_64 = /^[0-9a-f]{64}$/;

/** A volume's name: SHA-256 over its header and its voxels' digest, so the same volume has one name on every host. */
export function volumeName(header: VolumeHeader, sha256: string): string {
  const { sizes, componentType, components, indexToWorldLps, modality } = header;
  const parts = ['voxhost.v1.Volume', sizes, componentType, components, indexToWorldLps, modality, sha256];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** The record as a file's text. */
export function formatRecord(record: VolumeRecord): string {
  return `${JSON.stringify({ version: 1, ...record })}\n`;
}

/** The record of the volume `name`; undefined when the text is not that: cut short, changed, or of another version. */
export function parseRecord(text: string, name: string): VolumeRecord | undefined {
  try {
    const { version, header, sha256, createTimeMs } = JSON.parse(text);
    checkVolumeHeader(header, 'header');
    const whole = version === 1 && HEX_64.test(sha256) && Number.isFinite(createTimeMs);
    return whole && volumeName(header, sha256) === name ? { header, sha256, createTimeMs } : undefined;
  } catch {
    return undefined;
  }
}

/** Whether two headers say the same. */
export function sameHeader(one: VolumeHeader, other: VolumeHeader): boolean {
  return headerSizeBytes(one) === headerSizeBytes(other) && volumeName(one, '') === volumeName(other, '');
}
