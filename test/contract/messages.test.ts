// Golden messages, made by protobuf for Python, and calls that the host must refuse.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client, credentials, type ServiceError, status } from '@grpc/grpc-js';
import test from 'ava';
import { ROOT } from '../fixtures/start-host.js';
import { failureOf, openWire } from '../rpc/rooms/open-wire.js';
import { compareMessages, type GoldenMessage } from './golden.js';

const HERE = join(ROOT, 'test', 'contract');
const readJson = async <T>(name: string): Promise<T> => JSON.parse(await readFile(join(HERE, name), 'utf8'));

/** A call of negative.json: the bytes of each message that is sent. */
interface Refused {
  readonly name: string;
  readonly messages: readonly string[];
  readonly code: string;
  readonly reason: string;
}

test('the comparison with a golden message names the field that differs', async (t) => {
  const [host] = await readJson<GoldenMessage[]>('messages.json');
  const json = host!.json;
  t.is(compareMessages([host!]), 1);
  t.throws(() => compareMessages([{ ...host!, json: { ...json, version: '0.2.0' } }]), { message: /host\.version/ });
  t.throws(() => compareMessages([{ ...host!, json: { ...json, devices: [] } }]), { message: /host\.devices/ });
  const { limits: _, ...withoutLimits } = json;
  t.throws(() => compareMessages([{ ...host!, json: withoutLimits }]), { message: /host\.limits/ });
});

test('the host refuses each call of negative.json with its code and reason', async (t) => {
  const { address } = await openWire(t);
  const client = new Client(address, credentials.createInsecure(), { 'grpc.use_local_subchannel_pool': 1 });
  t.teardown(() => client.close());
  for (const { name, messages, code, reason } of await readJson<Refused[]>('negative.json')) {
    const error = await write(client, messages);
    t.is(error && status[error.code], code, name);
    t.is(error && failureOf(error).reason, reason, name);
  }
});

/** Sends messages as they are. @returns the refusal */
function write(client: Client, messages: readonly string[]): Promise<ServiceError | null> {
  return new Promise((resolve) => {
    const asItIs = (bytes: Buffer): Buffer => bytes;
    const call = client.makeClientStreamRequest('/voxhost.v1.VolumeService/WriteVolume', asItIs, asItIs, (error) =>
      resolve(error),
    );
    for (const message of messages) call.write(Buffer.from(message, 'hex'));
    call.end();
  });
}
