// Which addresses the host listens on without TLS and a token.
import test from 'ava';
import { FailedPrecondition, InvalidArgument } from '../../server/errors.js';
import { formatAddress, parseAddress } from '../../server/rpc/address.js';
import { checkExposure } from '../../server/rpc/check-exposure.js';

const tls = { certFile: 'cert.pem', keyFile: 'key.pem' };
const token = 'secret';

const isOpen = test.macro({
  exec(t, address: string) {
    t.notThrows(() => checkExposure({ address, insecure: false }));
  },
  title: (_, address) => `${address} needs neither TLS nor token: it stays on this machine`,
});

for (const address of [
  '127.0.0.1:50151',
  '127.0.0.1:0',
  '127.8.9.10:1',
  '[::1]:50151',
  '[0:0:0:0:0:0:0:1]:50151',
  '[::ffff:127.0.0.1]:50151',
  'localhost:50151',
  'LOCALHOST:50151',
  'localhost.:50151',
  'host.localhost:50151',
  'unix:/run/voxhost.sock',
  'unix:voxhost.sock',
]) {
  test(isOpen, address);
}

const isGuarded = test.macro({
  exec(t, address: string) {
    for (const options of [{}, { tls }, { token }]) {
      const error = t.throws(() => checkExposure({ address, insecure: false, ...options }), {
        instanceOf: FailedPrecondition,
      });
      t.is(error?.reason, 'EXPOSED_ADDRESS');
      t.is(/--tls-cert/.test(error?.message ?? ''), !('tls' in options));
      t.is(/--token-file/.test(error?.message ?? ''), !('token' in options));
      t.regex(error?.message ?? '', /--insecure/);
    }
    t.notThrows(() => checkExposure({ address, insecure: false, tls, token }));
    t.notThrows(() => checkExposure({ address, insecure: true }));
  },
  title: (_, address) => `${address} needs TLS and a token, or --insecure`,
});

for (const address of [
  '0.0.0.0:50151',
  '[::]:50151',
  ':50151',
  '192.168.1.20:50151',
  '128.0.0.1:50151',
  '126.255.255.255:50151',
  '[::2]:50151',
  '[::ffff:10.0.0.1]:50151',
  '[fe80::1]:50151',
  'gpu-server:50151',
  'localhost.example.org:50151',
  '127.0.0.1.example.org:50151',
  '127.1:50151',
]) {
  test(isGuarded, address);
}

const isWrong = test.macro({
  exec(t, address: string) {
    const error = t.throws(() => parseAddress(address), { instanceOf: InvalidArgument });
    t.is(error?.metadata['field'], '--address');
    t.regex(error?.message ?? '', /HOST:PORT/);
  },
  title: (_, address) => `"${address}" is no address`,
});

for (const address of [
  '',
  '50151',
  'localhost',
  'localhost:',
  'localhost:65536',
  'localhost:-1',
  '::1:50151',
  'unix:',
  'h:1:2',
  'localhost:1e3',
]) {
  test(isWrong, address);
}

test('an address is written as it was read', (t) => {
  for (const address of ['127.0.0.1:50151', '[::1]:1', 'localhost:0', 'unix:/run/voxhost.sock', 'unix:a/b.sock']) {
    t.is(formatAddress(parseAddress(address)), address);
  }
  t.is(formatAddress(parseAddress('unix:///run/voxhost.sock')), 'unix:/run/voxhost.sock');
});
