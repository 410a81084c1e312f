// Run as a child by lock-folder.test.ts: locks a folder, says so, and keeps it until it is killed.
import { lockFolder } from '../../server/volumes/lock-folder.js';

try {
  await lockFolder(process.argv[2]!);
  process.stdout.write('locked\n');
  setInterval(() => {}, 1 << 30);
} catch (error) {
  process.stdout.write(`${(error as Error).message}\n`);
}
