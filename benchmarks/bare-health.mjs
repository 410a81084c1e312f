// A bare grpc-js server that answers health and does nothing else: what a call costs on this machine beside the load.
// Started by health-under-load.ts; sends its port.
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { loadProtocol } from '../dist/proto/protocol.js';

const server = new Server();
server.addService(loadProtocol().grpc.health.v1.Health.service, {
  check: (_call, callback) => callback(null, { status: 'SERVING' }),
  list: (_call, callback) => callback(null, { statuses: {} }),
  watch: (call) => call.end(),
});
server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  process.send({ address: `127.0.0.1:${port}` });
});
process.once('disconnect', () => process.exit());
