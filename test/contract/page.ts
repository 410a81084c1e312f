// docs/clients/contract.md from the verdicts: which language holds which conversation. Pure.
import { LANGUAGES } from './conversation.js';
import type { Verdict } from './driver.js';

const INTRODUCTION = `# What every client holds

Made by \`make contract\`, not by hand; a test makes it again and compares. Each row of the table is a conversation of
[conversations.json](../../test/contract/conversations.json): a real host, a network that fails in the way told, and a
client that must end with the same bytes, or the same code and reason, in every language. Each language's program is a
user of its public client, and knows nothing of what will happen
([how it is made](../../test/contract/README.md)).
`;

/** The page. A language that was not there to be asked has an empty column. */
export function renderPage(verdicts: readonly Verdict[]): string {
  const conversations = [...new Set(verdicts.map(({ conversation }) => conversation))];
  const rows = conversations.map((conversation) => {
    const { title, name, expect } = conversation;
    const ends = expect.reason ? `\`${expect.class}\`, \`${expect.reason}\`` : expectedWords[expect.digest!];
    const marks = LANGUAGES.map((language) => {
      const verdict = verdicts.find((one) => one.conversation === conversation && one.language === language);
      return verdict === undefined ? '' : verdict.fault === '' ? 'yes' : '**no**';
    });
    return `| ${title} (\`${name}\`) | ${ends} | ${marks.join(' | ')} |`;
  });
  const head = `| conversation | must end with | ${LANGUAGES.join(' | ')} |\n|---|---|${LANGUAGES.map(() => '---|').join('')}`;
  return `${INTRODUCTION}\n${head}\n${rows.join('\n')}\n`;
}

const expectedWords = {
  mask: "MONAI's mask",
  image: 'the voxels sent',
  workflows: 'their names',
  messages: 'the same messages',
} as const;
