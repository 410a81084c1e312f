// Original file: proto/voxhost/v1/workflow_service.proto

export const OutputKind = {
  OUTPUT_KIND_UNSPECIFIED: 'OUTPUT_KIND_UNSPECIFIED',
  OUTPUT_KIND_LABEL_MAP: 'OUTPUT_KIND_LABEL_MAP',
  OUTPUT_KIND_IMAGE: 'OUTPUT_KIND_IMAGE',
} as const;

export type OutputKind =
  | 'OUTPUT_KIND_UNSPECIFIED'
  | 0
  | 'OUTPUT_KIND_LABEL_MAP'
  | 1
  | 'OUTPUT_KIND_IMAGE'
  | 2

export type OutputKind__Output = typeof OutputKind[keyof typeof OutputKind]
