// The protocol's service definitions, for the host and the TypeScript client alike: read from the .proto files beside
// this one, which the package ships.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Client, loadPackageDefinition } from '@grpc/grpc-js';
import { loadSync, type Options } from '@grpc/proto-loader';
import type { ProtoGrpcType as DetailTypes } from './generated/error_details.js';
import type {
  ServerReflectionClient,
  ServerReflectionDefinition,
} from './generated/grpc/reflection/v1/ServerReflection.js';
import type { ProtoGrpcType as HealthTypes } from './generated/health.js';
import type { ProtoGrpcType as HostTypes } from './generated/host_service.js';
import type { ProtoGrpcType as RunTypes } from './generated/run_service.js';
import type { ProtoGrpcType as StatusTypes } from './generated/status.js';
import type { ProtoGrpcType as WorkflowTypes } from './generated/workflow_service.js';

/** How messages look in TypeScript: camelCase, 64-bit integers as numbers, enum values by name, `oneof` by its key. */
export const MESSAGE_OPTIONS: Options = { longs: Number, enums: String, defaults: true, oneofs: true };

/** The protocol revision that this code speaks. */
export const PROTOCOL_VERSION = 1;

/** The serialised `google.protobuf.FileDescriptorSet` of the whole protocol, imports included. */
export function readDescriptorSet(): Buffer {
  return readFileSync(new URL('voxhost.binpb', import.meta.url));
}

const FILES = [
  'voxhost/v1/host_service.proto',
  'voxhost/v1/workflow_service.proto',
  'voxhost/v1/volume_service.proto',
  'voxhost/v1/run_service.proto',
  'grpc/health/v1/health.proto',
  'grpc/reflection/v1/reflection.proto',
  'grpc/reflection/v1alpha/reflection.proto',
  'google/rpc/status.proto',
  'google/rpc/error_details.proto',
];

/**
 * Loads every service of the protocol, and the messages of `google.rpc`. From the sources and not from the descriptor
 * set: the protobufjs 7 inside @grpc/proto-loader 0.8 reads maps of a descriptor set as lists of entries.
 */
export function loadProtocol() {
  const definition = loadSync(FILES, {
    ...MESSAGE_OPTIONS,
    includeDirs: [fileURLToPath(new URL('.', import.meta.url))],
  });
  return loadPackageDefinition(definition) as unknown as HostTypes & WorkflowTypes & RunTypes & OtherTypes;
}

// Both versions of reflection have the same messages; only the package's name differs.
type Reflection = { service: ServerReflectionDefinition } & (new (
  ...args: ConstructorParameters<typeof Client>
) => ServerReflectionClient);

type OtherTypes = HealthTypes &
  StatusTypes &
  DetailTypes & {
    grpc: { reflection: { v1: { ServerReflection: Reflection }; v1alpha: { ServerReflection: Reflection } } };
  };
