// Compiles the package to dist/, where the protocol's files keep their place beside the code that reads them.
import { execFileSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';

rmSync('dist', { recursive: true, force: true });
execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], { stdio: 'inherit' });
cpSync('proto', 'dist/proto', { recursive: true, filter: (path) => !path.endsWith('.ts') });
cpSync('clients/cli/preview/fonts', 'dist/clients/cli/preview/fonts', { recursive: true });
cpSync('package.json', 'dist/package.json');
