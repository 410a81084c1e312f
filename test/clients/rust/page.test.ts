// docs/clients/rust.md as a new user follows it: its program in a crate of its own, its other snippets after it.
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { readImageFile } from '../../../clients/typescript/index.js';
import { writeRawImage } from '../../fixtures/go.js';
import { cargo, hasRust, RUST_CLIENT } from '../../fixtures/rust.js';
import { createFolder } from '../../fixtures/scripted-bundle.js';
import { HEAD_MRI, ROOT, startTestHost } from '../../fixtures/start-host.js';

const MASK = join(ROOT, 'test', 'fixtures', 'expected', 'head-mri_deepbet_onnx.nii.gz');

test("the Rust page's program gives MONAI's mask, and each of its other snippets runs", async (t) => {
  t.timeout(600_000, 'the first time, cargo fetches and builds tonic');
  if (!(await hasRust(t))) return;
  const page = await readFile(join(ROOT, 'docs', 'clients', 'rust.md'), 'utf8');
  const [program, ...snippets] = [...page.matchAll(/^```rust\n(.*?)^```/gms)].map((match) => match[1]!);
  t.true(snippets.length >= 6);
  const features = /^cargo add tokio --features (\S+)$/m.exec(page)![1]!.split(',');

  const folder = await createFolder(t);
  // As the page's `cargo add` leaves it, but with this checkout in place of the repository, in the versions of its lock.
  await writeFile(
    join(folder, 'Cargo.toml'),
    `[package]
name = "brain"
version = "0.1.0"
edition = "2024"

[dependencies]
voxhost = { path = ${JSON.stringify(RUST_CLIENT)} }
tokio = { version = "1", features = ${JSON.stringify(features)} }

[profile.dev]
debug = 0
[profile.dev.package.sha2]
opt-level = 3
`,
  );
  await copyFile(join(RUST_CLIENT, 'Cargo.lock'), join(folder, 'Cargo.lock'));
  await mkdir(join(folder, 'src', 'bin'), { recursive: true });
  await writeFile(join(folder, 'src', 'main.rs'), program!);
  await writeFile(join(folder, 'src', 'bin', 'snippets.rs'), asProgram(snippets));
  await writeRawImage(folder, 'head-mri', await readImageFile(HEAD_MRI));

  const host = await startTestHost(t);
  const printed = await cargo(t, ['run', '--quiet', '--bin', 'brain', '--', host.address], { cwd: folder });
  t.regex(printed, /^ *\d+ % network 1\/1$/m);
  t.regex(printed, /^brain: [\d.]+ mL$/m);
  t.is(Buffer.compare(await readFile(join(folder, 'mask.raw')), (await readImageFile(MASK)).voxels), 0);

  const said = await cargo(t, ['run', '--quiet', '--bin', 'snippets', '--', host.address], { cwd: folder });
  t.regex(said, /^brain_extraction_mri (Ready|Loading)$/m);
  t.regex(said, /^0\.25 \d+$/m);
  t.regex(said, /no_such_workflow/, 'the error names what is not there');
  t.regex(said, /^run-\S+ has ended$|has ended$/m);
  t.regex(said, /gpu\.invalid/, 'no machine of that name is known');
});

/** Each snippet as a function of its own, called in order; the first error ends the program. */
function asProgram(snippets: readonly string[]): string {
  const functions = snippets.map(
    (snippet, index) =>
      `async fn snippet${index}(host: &voxhost::Host, image: voxhost::Image) -> Ended {\n${snippet}\nOk(())\n}\n`,
  );
  return `#![allow(unused_variables)]
use voxhost::v1::{ComponentType, VolumeHeader};

type Ended = Result<(), Box<dyn std::error::Error>>;

${functions.join('\n')}
#[tokio::main]
async fn main() -> Ended {
    let host = &voxhost::connect(std::env::args().nth(1).unwrap()).await?;
    let header = VolumeHeader {
        sizes: vec![181, 217, 181],
        component_type: ComponentType::Uint8.into(),
        components: 1,
        index_to_world_lps: vec![-1., 0., 0., 90., 0., -1., 0., 126., 0., 0., 1., -72.],
        modality: "MR".into(),
    };
    let image = voxhost::Image::new(header, std::fs::read("head-mri.raw")?);
${snippets.map((_, index) => `    snippet${index}(host, image.clone()).await?;`).join('\n')}
    Ok(())
}
`;
}
