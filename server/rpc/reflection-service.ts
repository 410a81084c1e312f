// Server reflection, v1 and v1alpha alike: grpcurl and its like work with no .proto files.
//
// The descriptors are those that buf wrote, byte for byte. @grpc/reflection 1.0 makes them anew from what protobufjs has
// loaded, and loses maps and well-known types on the way, so that grpcurl cannot resolve them.
import { status } from '@grpc/grpc-js';
import type { ServerReflectionHandlers } from '../../proto/generated/grpc/reflection/v1/ServerReflection.js';
import type { ServerReflectionRequest__Output } from '../../proto/generated/grpc/reflection/v1/ServerReflectionRequest.js';
import type { ServerReflectionResponse } from '../../proto/generated/grpc/reflection/v1/ServerReflectionResponse.js';
import type { Calls } from './calls.js';
import type { DescribedFile, DescriptorIndex } from './descriptor-index.js';

export function createReflectionService(calls: Calls, index: DescriptorIndex): ServerReflectionHandlers {
  return {
    ServerReflectionInfo: calls.bidi(async function* (requests: AsyncIterable<ServerReflectionRequest__Output>) {
      const sent = new Set<string>();
      for await (const request of requests) {
        yield { validHost: request.host, originalRequest: request, ...answer(request, index, sent) };
      }
    }),
  };
}

/** @param sent names of the files that this stream has sent, which are not sent as a dependency again */
function answer(
  request: ServerReflectionRequest__Output,
  index: DescriptorIndex,
  sent: Set<string>,
): ServerReflectionResponse {
  switch (request.messageRequest) {
    case 'listServices':
      return { listServicesResponse: { service: index.services.map((name) => ({ name })) } };
    case 'fileByFilename':
      return files(index.fileByName(request.fileByFilename!), request.fileByFilename!, index, sent);
    case 'fileContainingSymbol':
      return files(index.fileBySymbol(request.fileContainingSymbol!), request.fileContainingSymbol!, index, sent);
    case 'allExtensionNumbersOfType': {
      // The protocol extends nothing.
      const baseTypeName = request.allExtensionNumbersOfType!;
      return index.isMessage(baseTypeName)
        ? { allExtensionNumbersResponse: { baseTypeName, extensionNumber: [] } }
        : notFound(baseTypeName);
    }
    case 'fileContainingExtension': {
      const { containingType, extensionNumber } = request.fileContainingExtension!;
      return notFound(`extension ${extensionNumber} of ${containingType}`);
    }
    default:
      return {
        errorResponse: { errorCode: status.INVALID_ARGUMENT, errorMessage: 'The request names nothing to look up.' },
      };
  }
}

function files(
  file: DescribedFile | undefined,
  asked: string,
  index: DescriptorIndex,
  sent: Set<string>,
): ServerReflectionResponse {
  if (!file) return notFound(asked);
  sent.delete(file.name);
  const found: Buffer[] = [];
  const add = (next: DescribedFile | undefined): void => {
    if (!next || sent.has(next.name)) return;
    sent.add(next.name);
    found.push(next.bytes);
    for (const name of next.dependencies) add(index.fileByName(name));
  };
  add(file);
  return { fileDescriptorResponse: { fileDescriptorProto: found } };
}

function notFound(what: string): ServerReflectionResponse {
  return { errorResponse: { errorCode: status.NOT_FOUND, errorMessage: `There is no ${what}.` } };
}
