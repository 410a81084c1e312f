// An index of a FileDescriptorSet by file and symbol, with every file's bytes as the compiler wrote them. Pure.
import protobuf from 'protobufjs/minimal.js';

export interface DescribedFile {
  readonly name: string;
  /** The serialised FileDescriptorProto. */
  readonly bytes: Buffer;
  readonly dependencies: readonly string[];
}

export interface DescriptorIndex {
  fileByName(name: string): DescribedFile | undefined;
  /** The file that declares a message, field, enum, value, service or method: `voxhost.v1.RunService.Predict`. */
  fileBySymbol(symbol: string): DescribedFile | undefined;
  isMessage(symbol: string): boolean;
  /** Full names of the services, in order of declaration. */
  readonly services: readonly string[];
}

/** Parts of descriptor.proto, by field number: enough to name what is declared where. */
const FILE = { name: 1, package: 2, dependency: 3, message: 4, enum: 5, service: 6, extension: 7 };
const MESSAGE = { field: 2, nested: 3, enum: 4, extension: 6, oneof: 8 };
const ENUM_VALUE = 2;
const METHOD = 2;
const NAME = 1;

type Fields = ReadonlyMap<number, readonly Buffer[]>;

export function indexDescriptors(descriptorSet: Uint8Array): DescriptorIndex {
  const files = new Map<string, DescribedFile>();
  const symbols = new Map<string, DescribedFile>();
  const messages = new Set<string>();
  const services: string[] = [];

  for (const bytes of readFields(descriptorSet).get(1) ?? []) {
    const fields = readFields(bytes);
    const file = { name: text(fields, FILE.name), bytes, dependencies: texts(fields, FILE.dependency) };
    const scope = text(fields, FILE.package);
    const declare = (symbol: string): void => void symbols.set(symbol, file);

    const declareEnum = (found: Buffer, outer: string): void => {
      const inner = readFields(found);
      declare(join(outer, text(inner, NAME)));
      // Values stand beside their enum, as in C++.
      for (const value of named(inner, ENUM_VALUE)) declare(join(outer, value));
    };
    const declareMessage = (found: Buffer, outer: string): void => {
      const inner = readFields(found);
      const name = join(outer, text(inner, NAME));
      declare(name);
      messages.add(name);
      for (const part of [MESSAGE.field, MESSAGE.oneof, MESSAGE.extension]) {
        for (const member of named(inner, part)) declare(join(name, member));
      }
      for (const one of inner.get(MESSAGE.nested) ?? []) declareMessage(one, name);
      for (const one of inner.get(MESSAGE.enum) ?? []) declareEnum(one, name);
    };

    files.set(file.name, file);
    for (const one of fields.get(FILE.message) ?? []) declareMessage(one, scope);
    for (const one of fields.get(FILE.enum) ?? []) declareEnum(one, scope);
    for (const one of named(fields, FILE.extension)) declare(join(scope, one));
    for (const one of fields.get(FILE.service) ?? []) {
      const inner = readFields(one);
      const name = join(scope, text(inner, NAME));
      declare(name);
      services.push(name);
      for (const method of named(inner, METHOD)) declare(join(name, method));
    }
  }
  return {
    fileByName: (name) => files.get(name),
    fileBySymbol: (symbol) => symbols.get(symbol),
    isMessage: (symbol) => messages.has(symbol),
    services,
  };
}

/** The length-delimited fields of a message by number; the others are of no use here. */
function readFields(bytes: Uint8Array): Fields {
  const reader = protobuf.Reader.create(bytes);
  const fields = new Map<number, Buffer[]>();
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if ((tag & 7) !== 2) reader.skipType(tag & 7);
    else fields.set(tag >>> 3, [...(fields.get(tag >>> 3) ?? []), Buffer.from(reader.bytes())]);
  }
  return fields;
}

function texts(fields: Fields, number: number): string[] {
  return (fields.get(number) ?? []).map((bytes) => bytes.toString('utf8'));
}

function text(fields: Fields, number: number): string {
  return texts(fields, number).at(-1) ?? '';
}

function named(fields: Fields, number: number): string[] {
  return (fields.get(number) ?? []).map((bytes) => text(readFields(bytes), NAME));
}

function join(scope: string, name: string): string {
  return scope === '' ? name : `${scope}.${name}`;
}
