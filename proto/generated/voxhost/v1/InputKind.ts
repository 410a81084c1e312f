// Original file: proto/voxhost/v1/workflow_service.proto

export const InputKind = {
  INPUT_KIND_UNSPECIFIED: 'INPUT_KIND_UNSPECIFIED',
  INPUT_KIND_IMAGE: 'INPUT_KIND_IMAGE',
} as const;

export type InputKind =
  | 'INPUT_KIND_UNSPECIFIED'
  | 0
  | 'INPUT_KIND_IMAGE'
  | 1

export type InputKind__Output = typeof InputKind[keyof typeof InputKind]
