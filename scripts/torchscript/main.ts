// Writes docs/torchscript-operators.md: node --import=tsx scripts/torchscript/main.ts
import { writeFileSync } from 'node:fs';
import { operatorsPage } from './page.js';

writeFileSync(new URL('../../docs/torchscript-operators.md', import.meta.url), operatorsPage());
