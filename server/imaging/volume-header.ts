// What voxels are and where they lie: the header that every hop shares.

/** The types of one component, by their names on the wire (`COMPONENT_TYPE_UINT8` …) in lower case. */
export type ComponentType =
  | 'uint8'
  | 'int8'
  | 'uint16'
  | 'int16'
  | 'uint32'
  | 'int32'
  | 'uint64'
  | 'int64'
  | 'float32'
  | 'float64';

/**
 * A volume's header. Voxels lie with the first axis (i) fastest, components side by side, numbers little-endian.
 */
export interface VolumeHeader {
  /** Voxels along i, j, k and, for a series, t: 1 to 4 sizes. */
  readonly sizes: readonly number[];
  readonly componentType: ComponentType;
  /** Components a voxel: 1 for a plain image. */
  readonly components: number;
  /** 3×4 by rows, from (i, j, k, 1) to millimetres in LPS. 12 numbers. */
  readonly indexToWorldLps: readonly number[];
  /** As DICOM writes it (`CT`, `MR`); may be empty. */
  readonly modality: string;
}

/** Bytes of one component of each type. */
export const COMPONENT_BYTES: Readonly<Record<ComponentType, number>> = {
  uint8: 1,
  int8: 1,
  uint16: 2,
  int16: 2,
  uint32: 4,
  int32: 4,
  uint64: 8,
  int64: 8,
  float32: 4,
  float64: 8,
};

/** Voxels of a volume: the product of its sizes. */
export function voxelCount(header: VolumeHeader): number {
  return header.sizes.reduce((product, size) => product * size, 1);
}

/** Bytes of a volume's voxels in memory. */
export function headerSizeBytes(header: VolumeHeader): number {
  return voxelCount(header) * header.components * COMPONENT_BYTES[header.componentType];
}
