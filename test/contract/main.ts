// `make contract`: holds every conversation in every language that is here and writes docs/clients/contract.md and the table of clients.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeClients } from '../../docs/clients/list-clients.js';
import { ROOT } from '../fixtures/start-host.js';
import { LANGUAGES } from './conversation.js';
import { holdAll } from './driver.js';
import { renderPage } from './page.js';

const verdicts = await holdAll({
  onVerdict: ({ conversation, language, fault }) =>
    console.log(`${fault === '' ? 'held ' : 'NOT  '} ${language.padEnd(10)} ${conversation.name} ${fault}`),
});
const missing = LANGUAGES.filter((language) => !verdicts.some((verdict) => verdict.language === language));
if (missing.length > 0) {
  console.error(`Not installed, so no page was written: ${missing.join(', ')}.`);
  process.exitCode = 1;
} else {
  await writeFile(join(ROOT, 'docs', 'clients', 'contract.md'), renderPage(verdicts));
  writeClients();
  if (verdicts.some(({ fault }) => fault !== '')) process.exitCode = 1;
}
