// The messages of an ONNX file that the host looks at, as protobufjs gives them (proto/onnx/onnx.proto has them all).

/** A 64-bit integer: protobufjs's Long when read, a number where we make it. */
export type Int64 = number | { toNumber(): number };

export interface OnnxModel {
  irVersion: Int64;
  opsetImport: { domain: string; version: Int64 }[];
  producerName?: string;
  graph: OnnxGraph;
  functions?: unknown[];
}

export interface OnnxGraph {
  name: string;
  node: OnnxNode[];
  initializer: OnnxTensor[];
  input: OnnxValue[];
  output: OnnxValue[];
  valueInfo: OnnxValue[];
}

export interface OnnxNode {
  name: string;
  opType: string;
  /** Empty or `ai.onnx` for ONNX's own operators. */
  domain?: string;
  input: string[];
  output: string[];
  attribute: OnnxAttribute[];
}

export interface OnnxAttribute {
  name: string;
  type: number;
  f?: number;
  i?: Int64;
  s?: Uint8Array;
  t?: OnnxTensor;
  g?: OnnxGraph;
  floats?: number[];
  ints?: Int64[];
  strings?: Uint8Array[];
  tensors?: OnnxTensor[];
  graphs?: OnnxGraph[];
}

export interface OnnxTensor {
  name: string;
  dims: Int64[];
  dataType: number;
  rawData?: Uint8Array;
  floatData?: number[];
  int32Data?: number[];
  int64Data?: Int64[];
  doubleData?: number[];
  /** 1: the numbers lie in another file. */
  dataLocation?: number;
  externalData?: { key: string; value: string }[];
}

export interface OnnxValue {
  name: string;
  type: { tensorType?: { elemType: number; shape?: { dim: OnnxDimension[] } | null } | null };
}

/** A size, a name for a size that varies, or neither. */
export interface OnnxDimension {
  dimValue?: Int64;
  dimParam?: string;
}

/** `AttributeProto.AttributeType`. */
export const ATTRIBUTE = { float: 1, int: 2, string: 3, tensor: 4, graph: 5, floats: 6, ints: 7 } as const;

/** `TensorProto.DataType`. */
export const DATA_TYPE = {
  float32: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
} as const;

/** `TensorProto.DataLocation.EXTERNAL`. */
export const EXTERNAL = 1;
