// docs/clients/java.md as a new user follows it: its program in a project of its own, its other snippets after it.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { readImageFile } from '../../../clients/typescript/index.js';
import { writeRawImage } from '../../fixtures/go.js';
import { buildJavaClient, hasJava, JAVA_CLIENT, maven } from '../../fixtures/java.js';
import { createFolder } from '../../fixtures/scripted-bundle.js';
import { HEAD_MRI, ROOT, startTestHost } from '../../fixtures/start-host.js';

const MASK = join(ROOT, 'test', 'fixtures', 'expected', 'head-mri_deepbet_onnx.nii.gz');

test("the Java page's program gives MONAI's mask, and each of its other snippets runs", async (t) => {
  t.timeout(600_000, 'the first time, Maven fetches gRPC and itself');
  if (!(await hasJava(t))) return;
  await buildJavaClient();
  const page = await readFile(join(ROOT, 'docs', 'clients', 'java.md'), 'utf8');
  const readme = await readFile(join(JAVA_CLIENT, 'README.md'), 'utf8');
  const [dependency] = blocks(page, 'xml');
  t.deepEqual(blocks(readme, 'xml'), [dependency]);
  const [program, ...snippets] = blocks(page, 'java');
  t.true(snippets.length >= 6);

  const folder = await createFolder(t);
  const sources = join(folder, 'src', 'main', 'java');
  await mkdir(sources, { recursive: true });
  const pom = await readFile(join(JAVA_CLIENT, 'example', 'pom.xml'), 'utf8');
  const withPage = pom.replace(/<dependencies>.*<\/dependencies>/s, `<dependencies>${dependency}</dependencies>`);
  await writeFile(join(folder, 'pom.xml'), withPage);
  await writeFile(join(sources, 'Brain.java'), program!);
  await writeFile(join(sources, 'Snippets.java'), asProgram(snippets, blocks(readme, 'java')));
  await writeRawImage(folder, 'head-mri', await readImageFile(HEAD_MRI));

  const host = await startTestHost(t);
  const exec = (name: string) => ['-q', 'exec:java', `-Dexec.mainClass=${name}`, `-Dexec.args=${host.address}`];
  const printed = await maven(t, ['compile', ...exec('Brain')], { cwd: folder });
  t.regex(printed, /^brain: [\d.,]+ mL$/m);
  t.is(Buffer.compare(await readFile(join(folder, 'mask.raw')), (await readImageFile(MASK)).voxels), 0);

  const said = await maven(t, exec('Snippets'), { cwd: folder });
  t.regex(said, /^brain_extraction_mri WORKFLOW_STATE_/m);
  t.regex(said, /^0\.25 \d+$/m);
  t.regex(said, /no_such_workflow/, 'the error names what is not there');
  t.regex(said, /^stopped: CANCELLED$/m);
  t.regex(said, /^DEADLINE_EXCEEDED$/m);
  t.regex(said, /gpu\.invalid.*no machine of that name/, 'no machine of that name is known');
});

function blocks(page: string, language: string): string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map((match) => match[1]!);
}

/** Each snippet as a method of its own, called in order; those of the README are compiled only. */
function asProgram(called: readonly string[], compiled: readonly string[]): string {
  const methods = [...called, ...compiled].map(
    (snippet, index) => `static void snippet${index}(VoxhostClient host, Image image) {\n${snippet}\n}\n`,
  );
  return `
import io.github.voxhost.*;
import io.github.voxhost.v1.*;
import java.nio.file.*;
import java.time.Duration;
import java.util.List;

public class Snippets {
  ${methods.join('\n').replaceAll('try (VoxhostClient host =', 'try (VoxhostClient other =')}

  public static void main(String[] args) throws Exception {
    VolumeHeader header = VolumeHeader.newBuilder()
        .addAllSizes(List.of(181L, 217L, 181L))
        .setComponentType(ComponentType.COMPONENT_TYPE_UINT8)
        .addAllIndexToWorldLps(List.of(-1., 0., 0., 90., 0., -1., 0., 126., 0., 0., 1., -72.))
        .build();
    Image image = new Image(header, Files.readAllBytes(Path.of("head-mri.raw")));
    try (VoxhostClient host = Voxhost.connect(args[0])) {
      ${called.map((_, index) => `snippet${index}(host, image);`).join('\n      ')}
    }
  }
}
`;
}
