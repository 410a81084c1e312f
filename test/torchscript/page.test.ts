// docs/torchscript-operators.md says what the code says.
import { readFileSync } from 'node:fs';
import test from 'ava';
import { operatorsPage } from '../../scripts/torchscript/page.js';

test('docs/torchscript-operators.md is as scripts/torchscript/main.ts writes it today', (t) => {
  const page = readFileSync(new URL('../../docs/torchscript-operators.md', import.meta.url), 'utf8');
  t.is(page.replaceAll('\r\n', '\n'), operatorsPage());
});
