// Server reflection, with the real grpcurl and by hand.
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { credentials, status } from '@grpc/grpc-js';
import test, { type ExecutionContext } from 'ava';
import type { ServerReflectionRequest } from '../../proto/generated/grpc/reflection/v1/ServerReflectionRequest.js';
import type { ServerReflectionResponse__Output } from '../../proto/generated/grpc/reflection/v1/ServerReflectionResponse.js';
import { findGrpcurl } from '../fixtures/grpcurl.js';
import { openWire, protocol } from './rooms/open-wire.js';
import { uploadOf } from './rooms/volumes.js';

const protoFolder = fileURLToPath(new URL('../../proto/', import.meta.url));
const run = promisify(execFile);

test.before('grpcurl is there', async () => {
  await findGrpcurl();
});

/** What grpcurl prints when it knows nothing but the address. */
async function grpcurl(address: string, ...args: string[]): Promise<string> {
  // Flags come before the address, verbs and symbols after it.
  const verb = args.findIndex((arg) => ['list', 'describe'].includes(arg) || arg.includes('/'));
  const { stdout } = await run(await findGrpcurl(), [
    '-plaintext',
    ...args.slice(0, verb),
    address,
    ...args.slice(verb),
  ]);
  return stdout.trim();
}

/** The declarations of a .proto file: read from its text, not from the descriptors that are under test. */
function declaredIn(file: string, keyword: string): string[] {
  const text = readFileSync(join(protoFolder, file), 'utf8');
  return [...text.matchAll(new RegExp(`^${keyword} (\\w+)`, 'gm'))].map((match) => match[1]!);
}

const ourFiles = readdirSync(join(protoFolder, 'voxhost', 'v1')).map((name) => `voxhost/v1/${name}`);

test('grpcurl lists every service of the .proto files', async (t) => {
  const { address } = await openWire(t);
  const ours = ourFiles.flatMap((file) => declaredIn(file, 'service').map((name) => `voxhost.v1.${name}`));
  t.is(ours.length, 4);
  const others = [
    'grpc.health.v1.Health',
    'grpc.reflection.v1.ServerReflection',
    'grpc.reflection.v1alpha.ServerReflection',
  ];
  t.deepEqual((await grpcurl(address, 'list')).split('\n').sort(), [...ours, ...others].sort());
});

test('grpcurl describes every service of the .proto files, and each of its methods', async (t) => {
  const { address } = await openWire(t);
  for (const file of ourFiles) {
    const [service] = declaredIn(file, 'service');
    const text = await grpcurl(address, 'describe', `voxhost.v1.${service}`);
    t.true(text.startsWith(`voxhost.v1.${service} is a service:`));
    for (const method of declaredIn(file, '  rpc')) t.true(text.includes(`rpc ${method} (`), method);
  }
});

test('every message and enum of the .proto files is found by its name, in its file', async (t) => {
  const symbols = ourFiles.flatMap((file) =>
    ['message', 'enum'].flatMap((keyword) => declaredIn(file, keyword).map((name) => ({ file, name }))),
  );
  t.true(symbols.length > 50);
  const answers = await reflect(
    t,
    symbols.map(({ name }) => ({ fileContainingSymbol: `voxhost.v1.${name}` })),
  );
  for (const [index, { file }] of symbols.entries()) {
    const bytes = answers[index]?.fileDescriptorResponse?.fileDescriptorProto[0];
    // A FileDescriptorProto begins with its name: field 1, length, text.
    t.is(bytes?.subarray(2, 2 + bytes[1]!).toString(), file);
  }
});

test('grpcurl resolves maps, well-known types, nested and imported names', async (t) => {
  const { address } = await openWire(t);
  const request = await grpcurl(address, 'describe', 'voxhost.v1.CreateRunRequest');
  t.regex(request, /map<string, string> inputs = 2;/);
  t.regex(request, /map<string, \.google\.protobuf\.Value> parameters = 3;/);
  t.regex(await grpcurl(address, 'describe', 'voxhost.v1.RunService.Predict'), /Predict is a method/);
  t.regex(await grpcurl(address, 'describe', 'voxhost.v1.Run.state'), /is a field/);
  t.regex(await grpcurl(address, 'describe', 'google.protobuf.Timestamp'), /int64 seconds = 1;/);
  t.regex(
    await grpcurl(address, 'describe', 'grpc.health.v1.HealthCheckResponse.ServingStatus'),
    /SERVICE_UNKNOWN = 3;/,
  );
});

test('grpcurl calls every kind of method with no .proto file', async (t) => {
  const { address, catalog } = await openWire(t);
  catalog.set('loading-one', { state: 'loading' });
  const health = JSON.parse(await grpcurl(address, '-d', '{"service":"loading-one"}', 'grpc.health.v1.Health/Check'));
  t.deepEqual(health, { status: 'NOT_SERVING' });

  const bytes = Buffer.from(Array.from({ length: 32 }, (_, index) => index));
  const messages = [...uploadOf(bytes, { chunkBytes: 16 })].map((message) =>
    JSON.stringify(message, (_, value) =>
      value?.type === 'Buffer' ? Buffer.from(value.data).toString('base64') : value,
    ),
  );
  const written = await grpcurl(address, '-d', messages.join('\n'), 'voxhost.v1.VolumeService/WriteVolume');
  const { volume } = JSON.parse(written);
  t.is(volume.sizeBytes, '32');
  const read = await grpcurl(address, '-d', `{"name":"${volume.name}"}`, 'voxhost.v1.VolumeService/ReadVolume');
  t.true(read.includes(bytes.toString('base64')));
  const run = await grpcurl(
    address,
    '-d',
    `{"workflow":"brain","inputs":{"image":"${volume.name}"},"parameters":{"overlap":0.5}}`,
    'voxhost.v1.RunService/CreateRun',
  );
  t.like(JSON.parse(run), { workflow: 'brain', state: 'RUN_STATE_QUEUED', parameters: { overlap: 0.5 } });
});

test('grpcurl shows an ErrorInfo of the domain voxhost, decoded', async (t) => {
  const { address } = await openWire(t);
  const error = await t.throwsAsync(
    grpcurl(address, '-d', '{"name":"none"}', 'voxhost.v1.WorkflowService/GetWorkflow'),
  );
  const { stderr } = error as unknown as { stderr: string };
  t.regex(stderr, /Code: NotFound/);
  t.regex(stderr, /"@type": "type\.googleapis\.com\/google\.rpc\.ErrorInfo"/);
  t.regex(stderr, /"reason": "WORKFLOW_NOT_FOUND"/);
  t.regex(stderr, /"domain": "voxhost"/);
});

/** Answers to requests on one reflection stream, in order. */
async function reflect(
  t: ExecutionContext,
  requests: ServerReflectionRequest[],
  version: 'v1' | 'v1alpha' = 'v1',
): Promise<ServerReflectionResponse__Output[]> {
  const { address } = await openWire(t);
  const client = new protocol.grpc.reflection[version].ServerReflection(address, credentials.createInsecure());
  t.teardown(() => client.close());
  const call = client.serverReflectionInfo();
  for (const request of requests) call.write(request);
  call.end();
  const answers: ServerReflectionResponse__Output[] = [];
  for await (const answer of call) answers.push(answer);
  return answers;
}

test('v1alpha answers as v1 does', async (t) => {
  const requests = [{ listServices: '' }, { fileContainingSymbol: 'voxhost.v1.Run' }];
  const [first, second] = [await reflect(t, requests, 'v1'), await reflect(t, requests, 'v1alpha')];
  t.deepEqual(first, second);
  t.true(first[1]!.fileDescriptorResponse!.fileDescriptorProto.length > 1);
});

test('a file comes with all that it imports, and what was sent already is not sent again', async (t) => {
  const [first, again, other] = await reflect(t, [
    { fileByFilename: 'voxhost/v1/run_service.proto' },
    { fileByFilename: 'voxhost/v1/run_service.proto' },
    { fileContainingSymbol: 'voxhost.v1.WorkflowService' },
  ]);
  const text = readFileSync(join(protoFolder, 'voxhost/v1/run_service.proto'), 'utf8');
  const imports = [...text.matchAll(/^import /gm)].length;
  t.is(first?.fileDescriptorResponse?.fileDescriptorProto.length, 1 + imports, 'its imports import nothing else');
  t.is(again?.fileDescriptorResponse?.fileDescriptorProto.length, 1);
  t.is(other?.fileDescriptorResponse?.fileDescriptorProto.length, 1);
});

test('what there is not is an error in the stream, which goes on', async (t) => {
  const answers = await reflect(t, [
    { fileByFilename: 'none.proto' },
    { fileContainingSymbol: 'voxhost.v1.None' },
    { fileContainingExtension: { containingType: 'voxhost.v1.Run', extensionNumber: 1 } },
    { allExtensionNumbersOfType: 'voxhost.v1.None' },
    {},
    { allExtensionNumbersOfType: 'voxhost.v1.Run' },
  ]);
  t.deepEqual(
    answers.slice(0, 5).map((answer) => answer.errorResponse?.errorCode),
    [status.NOT_FOUND, status.NOT_FOUND, status.NOT_FOUND, status.NOT_FOUND, status.INVALID_ARGUMENT],
  );
  t.deepEqual(answers[5]?.allExtensionNumbersResponse, { baseTypeName: 'voxhost.v1.Run', extensionNumber: [] });
  t.is(answers[0]?.originalRequest?.fileByFilename, 'none.proto');
});
