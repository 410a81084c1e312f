// docs/clients/cpp.md as a new user follows it: its program in a project of its own, its other snippets after it.
import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { readImageFile } from '../../../clients/typescript/index.js';
import { buildCpp, CPP_PREFIX, cmake, cppProgram, hasCpp } from '../../fixtures/cpp.js';
import { createFolder } from '../../fixtures/scripted-bundle.js';
import { HEAD_MRI, ROOT, startTestHost } from '../../fixtures/start-host.js';

const execute = promisify(execFile);
const MASK = join(ROOT, 'test', 'fixtures', 'expected', 'head-mri_deepbet_onnx.nii.gz');

test("the C++ page's program gives MONAI's mask, and each of its other snippets runs", async (t) => {
  t.timeout(1_200_000, 'the first time, gRPC for C++ is installed and the client built');
  if (!(await hasCpp(t))) return;
  const page = await readFile(join(ROOT, 'docs', 'clients', 'cpp.md'), 'utf8');
  const blocks = (language: string) =>
    [...page.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))].map((match) => match[1]!);
  const [program, ...snippets] = blocks('cpp');
  const [project, fetchContent] = blocks('cmake');
  t.true(snippets.length >= 6);

  const folder = await createFolder(t);
  await mkdir(join(folder, 'snippets'));
  await writeFile(join(folder, 'main.cpp'), program!);
  await writeFile(join(folder, 'snippets', 'main.cpp'), asProgram(snippets));
  await writeFile(join(folder, 'CMakeLists.txt'), `${project!}${forSnippets}`);
  const image = await readImageFile(HEAD_MRI);
  await writeFile(join(folder, 'head-mri.raw'), image.voxels);

  await buildCpp();
  const build = join(folder, 'build');
  await cmake(['-S', folder, '-B', build, `-DCMAKE_PREFIX_PATH=${CPP_PREFIX}`]);
  await cmake(['--build', build]);
  const host = await startTestHost(t);
  const run = (name: string) => execute(cppProgram(build, '.', name), [host.address], { cwd: folder });
  t.regex((await run('brain')).stdout, /^brain: [\d.]+ mL$/m);
  t.is(Buffer.compare(await readFile(join(folder, 'mask.raw')), (await readImageFile(MASK)).voxels), 0);

  const { stdout: said } = await run('snippets');
  t.regex(said, /^brain_extraction_mri (ready|loading)$/m);
  t.regex(said, /^ {2}overlap 0\.\d+$/m);
  t.regex(said, /^0\.25 \d+\n0\.5 \d+$/m);
  t.regex(said, /^NOT_FOUND: .*no_such_workflow/m);
  t.regex(said, /^stopped: CANCELLED$/m);
  t.regex(said, /^DEADLINE_EXCEEDED$/m);
  t.regex(said, /gpu\.invalid.*no machine of that name is known/);

  // As CMake would fetch it, but from this checkout: configured, not built once more.
  const fetched = join(folder, 'fetched');
  await mkdir(fetched);
  await writeFile(join(fetched, 'main.cpp'), program!);
  await writeFile(join(fetched, 'CMakeLists.txt'), project!.replace(/^find_package.*$/m, fetchContent!));
  await cmake(['-S', fetched, '-B', join(fetched, 'build'), `-DFETCHCONTENT_SOURCE_DIR_VOXHOST=${ROOT}`]);
  const targets = await execute('cmake', ['--build', join(fetched, 'build'), '--target', 'help']);
  t.regex(targets.stdout, /brain/);
});

const forSnippets = `
add_executable(snippets snippets/main.cpp)
target_link_libraries(snippets PRIVATE Voxhost::voxhost)
`;

/** Each snippet as a function of its own, called in order; the first error ends the program. */
function asProgram(snippets: readonly string[]): string {
  const functions = snippets.map(
    (snippet, index) =>
      `voxhost::Error snippet${index}(const voxhost::Host& host, const voxhost::ImageView& image) {\n(void)host; (void)image;\n${snippet}\nreturn {voxhost::Code::ok, {}, {}, {}};\n}\n`,
  );
  return `#include <cstdint>
#include <cstdio>
#include <fstream>
#include <thread>
#include <vector>

#include "voxhost/voxhost.h"

${functions.join('\n')}
int main(int, char** words) {
  auto host = voxhost::Host::connect(words[1]);
  if (!host) return 1;
  std::vector<std::uint8_t> voxels(181 * 217 * 181);
  std::ifstream("head-mri.raw", std::ios::binary).read(reinterpret_cast<char*>(voxels.data()), voxels.size());
  voxhost::VolumeHeader header;
  header.sizes = {181, 217, 181};
  header.index_to_world_lps = {-1, 0, 0, 90, 0, -1, 0, 126, 0, 0, 1, -72};
  const voxhost::ImageView image(header, voxhost::bytes_of(voxels));
  for (auto* snippet : {${snippets.map((_, index) => `snippet${index}`).join(', ')}}) {
    const voxhost::Error error = snippet(*host, image);
    if (error.code == voxhost::Code::ok) continue;
    std::fprintf(stderr, "%s\\n", error.message.c_str());
    return 1;
  }
}
`;
}
