// Original file: proto/voxhost/v1/volume_service.proto

export const ChunkEncoding = {
  CHUNK_ENCODING_UNSPECIFIED: 'CHUNK_ENCODING_UNSPECIFIED',
  CHUNK_ENCODING_DELTA_SHUFFLE_DEFLATE: 'CHUNK_ENCODING_DELTA_SHUFFLE_DEFLATE',
} as const;

export type ChunkEncoding =
  | 'CHUNK_ENCODING_UNSPECIFIED'
  | 0
  | 'CHUNK_ENCODING_DELTA_SHUFFLE_DEFLATE'
  | 1

export type ChunkEncoding__Output = typeof ChunkEncoding[keyof typeof ChunkEncoding]
