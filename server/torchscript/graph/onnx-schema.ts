// ONNX's messages as far as the emitter writes them, encoded by ONNX's own schema.
import { readFileSync } from 'node:fs';
import protobuf from 'protobufjs';

export interface OnnxTensor {
  readonly name: string;
  readonly dims: readonly number[];
  readonly dataType: number;
  readonly rawData?: Uint8Array;
  readonly dataLocation?: number;
  readonly externalData?: readonly { readonly key: string; readonly value: string }[];
}

export interface OnnxAttribute {
  readonly name: string;
  readonly type: number;
  readonly f?: number;
  readonly i?: number;
  readonly s?: Uint8Array;
  readonly ints?: readonly number[];
  readonly strings?: readonly Uint8Array[];
}

export interface OnnxNode {
  readonly name: string;
  readonly opType: string;
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly attribute: readonly OnnxAttribute[];
}

export interface OnnxValue {
  readonly name: string;
  readonly type: {
    readonly tensorType: {
      readonly elemType: number;
      readonly shape: { readonly dim: readonly ({ readonly dimValue: number } | { readonly dimParam: string })[] };
    };
  };
}

export interface OnnxModel {
  readonly irVersion: number;
  readonly producerName: string;
  readonly producerVersion: string;
  readonly opsetImport: readonly { readonly domain: string; readonly version: number }[];
  readonly graph: {
    readonly name: string;
    readonly node: readonly OnnxNode[];
    readonly initializer: readonly OnnxTensor[];
    readonly input: readonly OnnxValue[];
    readonly output: readonly OnnxValue[];
  };
}

/**
 * The bytes of a model, in pieces that follow each other. Weights are the views that they came as: a file of them is
 * written without ever being in memory a second time.
 */
export function encodeModel(model: OnnxModel): Uint8Array[] {
  const schema = readFileSync(new URL('../../../proto/onnx/onnx.proto', import.meta.url), 'utf8');
  const root = protobuf.parse(schema).root;
  const [modelType, graphType, tensorType] = ['ModelProto', 'GraphProto', 'TensorProto'].map((name) =>
    root.lookupType(`onnx.${name}`),
  ) as [protobuf.Type, protobuf.Type, protobuf.Type];
  const { graph, ...ofModel } = model;
  const { initializer, ...ofGraph } = graph;
  const tensors = initializer.flatMap(({ rawData, ...facts }) => {
    const data = rawData === undefined ? [] : framed(tensorType, 'rawData', [rawData]);
    return framed(graphType, 'initializer', [encode(tensorType, facts), ...data]);
  });
  return [encode(modelType, ofModel), ...framed(modelType, 'graph', [encode(graphType, ofGraph), ...tensors])];
}

function encode(type: protobuf.Type, fields: object): Uint8Array {
  return type.encode(fields as protobuf.Message).finish();
}

/** A field of bytes or of a message: its number, its length, and its content in pieces. */
function framed(type: protobuf.Type, field: string, pieces: readonly Uint8Array[]): Uint8Array[] {
  const lengthDelimited = 2;
  const length = pieces.reduce((sum, piece) => sum + piece.byteLength, 0);
  const tag = type.fields[field]!.id * 8 + lengthDelimited;
  return [protobuf.Writer.create().uint32(tag).uint32(length).finish(), ...pieces];
}
