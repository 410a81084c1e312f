// Original file: proto/voxhost/v1/workflow_service.proto

export const ParameterType = {
  PARAMETER_TYPE_UNSPECIFIED: 'PARAMETER_TYPE_UNSPECIFIED',
  PARAMETER_TYPE_NUMBER: 'PARAMETER_TYPE_NUMBER',
  PARAMETER_TYPE_INTEGER: 'PARAMETER_TYPE_INTEGER',
  PARAMETER_TYPE_BOOLEAN: 'PARAMETER_TYPE_BOOLEAN',
  PARAMETER_TYPE_STRING: 'PARAMETER_TYPE_STRING',
} as const;

export type ParameterType =
  | 'PARAMETER_TYPE_UNSPECIFIED'
  | 0
  | 'PARAMETER_TYPE_NUMBER'
  | 1
  | 'PARAMETER_TYPE_INTEGER'
  | 2
  | 'PARAMETER_TYPE_BOOLEAN'
  | 3
  | 'PARAMETER_TYPE_STRING'
  | 4

export type ParameterType__Output = typeof ParameterType[keyof typeof ParameterType]
