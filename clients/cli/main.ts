#!/usr/bin/env node
// The `voxhost` command: parses the line, hands it to one file per command, ends with a documented exit code.
import { setFlagsFromString } from 'node:v8';
import { createProgram } from './program.js';
import { exitCodeOf, reportError } from './report-error.js';

// Voxels lie outside V8's heap, which would mark the whole heap for every few of them (docs/decisions/0008).
setFlagsFromString('--no-incremental-marking');
try {
  await createProgram().parseAsync();
} catch (error) {
  reportError(error);
  process.exitCode = exitCodeOf(error);
}
