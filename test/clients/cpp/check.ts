// `make check-cpp`: the C++ client's tests and the whole contract under the sanitizers, the ITK example, FetchContent.
// Takes some minutes, which is why it is no part of `make test`. Needs Debian's packages of docs/clients/cpp.md,
// doctest-dev and libinsighttoolkit5-dev.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readImageFile } from '../../../clients/typescript/index.js';
import { writeMetaImage } from '../../../server/imaging/formats/write-metaimage.js';
import { silentLog } from '../../../server/log.js';
import { startHost } from '../../../server/main.js';
import { holdAll } from '../../contract/driver.js';
import { program } from '../../contract/languages.js';
import { buildCpp, CPP_CLIENT, CPP_PREFIX, cmake, cppProgram } from '../../fixtures/cpp.js';
import { EXAMPLE_WORKFLOWS, HEAD_MRI, ROOT } from '../../fixtures/start-host.js';

const execute = promisify(execFile);
const CACHE = join(ROOT, '.cache', 'cpp');
const MASK = join(ROOT, 'test', 'fixtures', 'expected', 'head-mri_deepbet_onnx.nii.gz');

/** What each sanitizer says is an error. */
const SANITIZERS = {
  'address,undefined': {
    ASAN_OPTIONS: 'detect_stack_use_after_return=1:strict_string_checks=1',
    UBSAN_OPTIONS: 'halt_on_error=1:print_stacktrace=1',
  },
  // Of Debian's gRPC, absl and protobuf, which are not instrumented, it sees neither the locks nor the atomics: what they
  // do by themselves is left out, what this library does is not, in their callbacks and threads too.
  thread: { TSAN_OPTIONS: 'halt_on_error=1:ignore_noninstrumented_modules=1' },
} as const;

const folder = await mkdtemp(join(tmpdir(), 'voxhost-cpp-'));
const host = await startHost(
  { address: '127.0.0.1:0', workflows: EXAMPLE_WORKFLOWS, data: join(folder, 'data'), device: 'cpu' },
  silentLog,
);
let failures = 0;
try {
  await writeImages();
  for (const sanitizer of Object.keys(SANITIZERS) as (keyof typeof SANITIZERS)[]) await checkSanitized(sanitizer);
  await step('the ITK example writes the mask of the head MRI', checkItk);
  await step('a project that fetches the client builds', checkFetchContent);
} finally {
  await host.stop();
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}
process.exitCode = failures === 0 ? 0 : 1;

async function step(title: string, check: () => Promise<void>): Promise<void> {
  try {
    await check();
    console.log(`held  ${title}`);
  } catch (error) {
    failures += 1;
    const { stdout = '', stderr = '', message } = error as Error & { stdout?: string; stderr?: string };
    console.log(`NOT   ${title}\n${message}\n${stdout}${stderr}`);
  }
}

async function writeImages(): Promise<void> {
  const [image, expected] = await Promise.all([readImageFile(HEAD_MRI), readImageFile(MASK)]);
  await writeMetaImage(join(folder, 'head-mri.mha'), image.header, image.voxels, { compressionLevel: 0 });
  await writeFile(join(folder, 'expected.raw'), expected.voxels);
}

async function checkSanitized(sanitizer: keyof typeof SANITIZERS): Promise<void> {
  const env = SANITIZERS[sanitizer];
  const build = join(CACHE, sanitizer.split(',')[0]!);
  const flags = ['-DCMAKE_BUILD_TYPE=Release', '-DCMAKE_CXX_FLAGS_RELEASE=-O1', `-DVOXHOST_SANITIZE=${sanitizer}`];
  await cmake(['-S', CPP_CLIENT, '-B', build, '-DVOXHOST_BUILD_TESTS=ON', '-DCMAKE_UNITY_BUILD=ON', ...flags]);
  const targets = ['--target', 'voxhost-tests', 'voxhost-contract'];
  await cmake(['--build', build, '--parallel', String(availableParallelism()), ...targets]);
  const where = { VOXHOST_TEST_HOST: host.address, VOXHOST_TEST_FOLDER: folder };
  const tests = (...words: string[]): Promise<unknown> =>
    execute(cppProgram(build, 'tests', 'voxhost-tests'), words, { env: { ...process.env, ...env, ...where } });
  await step(`${sanitizer}: the client's tests`, async () => {
    await tests();
  });
  if (sanitizer === 'thread') {
    await step('thread: a race in a callback is found', async () => {
      const said = await tests('--no-skip', '--test-case=race:*').then(
        () => 'nothing',
        (error: { stderr: string }) => error.stderr,
      );
      if (!said.includes('data race')) throw new Error(`The thread sanitizer said: ${said}`);
    });
  }
  const sanitized = program('C++', cppProgram(build, 'contract', 'voxhost-contract'), [], env);
  await step(`${sanitizer}: the contract`, async () => {
    const faults = (await holdAll({ programs: [sanitized] })).filter(({ fault }) => fault !== '');
    if (faults.length > 0) throw new Error(faults.map((one) => `${one.conversation.name}: ${one.fault}`).join('\n'));
  });
}

async function checkItk(): Promise<void> {
  await buildCpp();
  const build = join(CACHE, 'itk');
  await cmake(['-S', join(CPP_CLIENT, 'examples', 'itk'), '-B', build, `-DCMAKE_PREFIX_PATH=${CPP_PREFIX}`]);
  await cmake(['--build', build]);
  const mask = join(folder, 'mask.nii.gz');
  const words = [host.address, 'brain_extraction_deepbet', HEAD_MRI, mask];
  await execute(cppProgram(build, '.', 'voxhost-segment'), words);
  const [got, expected] = await Promise.all([readImageFile(mask), readImageFile(MASK)]);
  if (Buffer.compare(got.voxels, expected.voxels) !== 0) throw new Error("the mask's voxels are not MONAI's");
  const differs = got.header.indexToWorldLps.some(
    (one, at) => Math.abs(one - expected.header.indexToWorldLps[at]!) > 1e-6,
  );
  if (differs) throw new Error(`the mask's geometry is ${got.header.indexToWorldLps}`);
}

async function checkFetchContent(): Promise<void> {
  const source = join(folder, 'fetching');
  await mkdir(source);
  await writeFile(
    join(source, 'CMakeLists.txt'),
    `cmake_minimum_required(VERSION 3.20)
project(fetching LANGUAGES CXX)
include(FetchContent)
FetchContent_Declare(Voxhost GIT_REPOSITORY unused GIT_TAG unused SOURCE_SUBDIR clients/cpp)
FetchContent_MakeAvailable(Voxhost)
add_executable(fetching main.cpp)
target_link_libraries(fetching PRIVATE Voxhost::voxhost)
`,
  );
  await writeFile(
    join(source, 'main.cpp'),
    '#include "voxhost/voxhost.h"\nint main(int, char** words) { return voxhost::Host::connect(words[1]) ? 0 : 1; }\n',
  );
  const build = join(source, 'build');
  await cmake(['-S', source, '-B', build, `-DFETCHCONTENT_SOURCE_DIR_VOXHOST=${ROOT}`]);
  await cmake(['--build', build, '--parallel', String(availableParallelism())]);
  await execute(cppProgram(build, '.', 'fetching'), [host.address]);
}
