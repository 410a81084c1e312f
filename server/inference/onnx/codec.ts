// ONNX files to messages and back, by ONNX's own schema.
import { readFileSync } from 'node:fs';
import protobuf from 'protobufjs';
import type { OnnxModel } from './messages.js';

export interface OnnxCodec {
  /** Tensors' bytes are views into `bytes`. @throws Error when `bytes` is no protobuf message with a graph in it. */
  decode(bytes: Uint8Array): OnnxModel;
  /** @throws Error when a field has the wrong type. */
  encode(model: OnnxModel): Uint8Array;
}

/** Reads the schema (about 20 ms) and gives the codec of `ModelProto`. */
export function createOnnxCodec(): OnnxCodec {
  const schema = readFileSync(new URL('../../../proto/onnx/onnx.proto', import.meta.url), 'utf8');
  const modelProto = protobuf.parse(schema).root.lookupType('onnx.ModelProto');
  return {
    decode(bytes) {
      const model = modelProto.decode(bytes) as unknown as OnnxModel;
      if (!model.graph || model.opsetImport.length === 0) throw new Error('there is no graph in it');
      return model;
    },
    encode: (model) => modelProto.encode(model as unknown as protobuf.Message).finish(),
  };
}
