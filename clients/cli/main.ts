#!/usr/bin/env node
// The `voxhost` command: parses the line, hands it to one file per command, ends with a documented exit code.
import { createProgram } from './program.js';
import { exitCodeOf, reportError } from './report-error.js';

try {
  await createProgram().parseAsync();
} catch (error) {
  reportError(error);
  process.exitCode = exitCodeOf(error);
}
