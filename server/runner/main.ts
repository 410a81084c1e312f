// The process of one workflow: loads its bundle, keeps its model warm, and executes one run at a time. Started by
// server/runners/, to which it speaks messages.ts. An error of a run is answered; any other ends the process, with its
// words on standard error, and the front starts another.
import { createLog } from '../log.js';
import type { FromRunner, ToRunner } from '../runners/messages.js';
import { watchParent } from '../streams/watch-parent.js';
import { createMessageLoop } from './message-loop.js';

const send = (message: FromRunner): void => {
  if (process.connected) process.send!(message, () => {});
};
const loop = createMessageLoop(send, () => process.exit(), createLog());

process.on('message', (message) => void loop.receive(message as ToRunner));
process.on('disconnect', () => process.exit());
// Ctrl-C and a service manager's stop go to every process of the group. The host drains its runs and then ends us.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
watchParent();
