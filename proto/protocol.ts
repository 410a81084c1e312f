// The protocol's service definitions, for the host and the TypeScript client alike: read from the descriptor set that
// `make proto` writes beside the .proto files.
import { readFileSync } from 'node:fs';
import { loadPackageDefinition } from '@grpc/grpc-js';
import { loadFileDescriptorSetFromBuffer, type Options } from '@grpc/proto-loader';
import type { ProtoGrpcType as HealthTypes } from './generated/health.js';
import type { ProtoGrpcType as HostTypes } from './generated/host_service.js';
import type { ProtoGrpcType as RunTypes } from './generated/run_service.js';
import type { ProtoGrpcType as WorkflowTypes } from './generated/workflow_service.js';

/** How messages look in TypeScript: camelCase, 64-bit integers as numbers, enum values by name, `oneof` by its key. */
export const MESSAGE_OPTIONS: Options = { longs: Number, enums: String, defaults: true, oneofs: true };

/** The protocol revision that this code speaks. */
export const PROTOCOL_VERSION = 1;

/** The serialised `google.protobuf.FileDescriptorSet` of the whole protocol, imports included. */
export function readDescriptorSet(): Buffer {
  return readFileSync(new URL('voxhost.binpb', import.meta.url));
}

/** Loads every service of the protocol. */
export function loadProtocol() {
  const definition = loadFileDescriptorSetFromBuffer(readDescriptorSet(), MESSAGE_OPTIONS);
  return loadPackageDefinition(definition) as unknown as HostTypes & WorkflowTypes & RunTypes & HealthTypes;
}
