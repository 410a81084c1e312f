// docs/clients/go.md as a new user follows it: its program in a module of its own, its other snippets after it.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { readImageFile } from '../../../clients/typescript/index.js';
import { GO_CLIENT, go, hasGo, writeRawImage } from '../../fixtures/go.js';
import { createFolder } from '../../fixtures/scripted-bundle.js';
import { HEAD_MRI, ROOT, startTestHost } from '../../fixtures/start-host.js';

const MASK = join(ROOT, 'test', 'fixtures', 'expected', 'head-mri_deepbet_onnx.nii.gz');
const MODULE = 'github.com/voxhost/voxhost/clients/go';

test("the Go page's program gives MONAI's mask, and each of its other snippets runs", async (t) => {
  t.timeout(600_000, 'the first time, Go fetches and builds gRPC');
  if (!(await hasGo(t))) return;
  const page = await readFile(join(ROOT, 'docs', 'clients', 'go.md'), 'utf8');
  const [program, ...snippets] = [...page.matchAll(/^```go\n(.*?)^```/gms)].map((match) => match[1]!);
  t.true(snippets.length >= 5);

  const folder = await createFolder(t);
  // As `go get` would leave it, but with this checkout in place of the published module.
  const { go: goVersion, sums } = await readModule();
  await writeFile(
    join(folder, 'go.mod'),
    `module example.com/brain\n\ngo ${goVersion}\n\nrequire ${MODULE} v0.0.0\n\nreplace ${MODULE} => ${JSON.stringify(GO_CLIENT)}\n`,
  );
  await writeFile(join(folder, 'go.sum'), sums);
  await writeFile(join(folder, 'main.go'), program!);
  await mkdir(join(folder, 'snippets'));
  await writeFile(join(folder, 'snippets', 'main.go'), asProgram(snippets));
  const image = await readImageFile(HEAD_MRI);
  await writeRawImage(folder, 'head-mri', image);
  await go(t, ['mod', 'tidy'], { cwd: folder });

  const host = await startTestHost(t);
  const printed = await go(t, ['run', '.', host.address], { cwd: folder });
  t.regex(printed, /^brain: [\d.]+ mL$/m);
  t.is(Buffer.compare(await readFile(join(folder, 'mask.raw')), (await readImageFile(MASK)).voxels), 0);

  const said = await go(t, ['run', './snippets', host.address, folder], { cwd: folder });
  t.regex(said, /^brain_extraction_mri WORKFLOW_STATE_/m);
  t.regex(said, /^0\.25 \d+$/m);
  t.regex(said, /no_such_workflow/, 'the error names what is not there');
  t.regex(said, /gpu\.invalid/, 'no machine of that name is known');
});

/** What the client's own go.mod and go.sum say. */
async function readModule(): Promise<{ go: string; sums: string }> {
  const [module, sums] = await Promise.all(['go.mod', 'go.sum'].map((name) => readFile(join(GO_CLIENT, name), 'utf8')));
  return { go: /^go (\S+)$/m.exec(module!)![1]!, sums: sums! };
}

/** Each snippet as a function of its own, called in order; the first error ends the program. */
function asProgram(snippets: readonly string[]): string {
  const functions = snippets.map(
    (snippet, index) =>
      `func snippet${index}(ctx context.Context, host *voxhost.Host, image *voxhost.Image) error {\n${snippet}\nreturn nil\n}\n`,
  );
  return `package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"time"

	"github.com/voxhost/voxhost/clients/go/voxhost"
	pb "github.com/voxhost/voxhost/clients/go/voxhostv1"
	"google.golang.org/protobuf/encoding/protojson"
)

var _, _, _ = errors.As, time.Second, tls.Config{}

${functions.join('\n')}
func main() {
	ctx := context.Background()
	host, err := voxhost.Connect(ctx, os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	header := &pb.VolumeHeader{}
	text, _ := os.ReadFile(filepath.Join(os.Args[2], "head-mri.json"))
	if err := protojson.Unmarshal(text, header); err != nil {
		log.Fatal(err)
	}
	voxels, _ := os.ReadFile(filepath.Join(os.Args[2], "head-mri.raw"))
	image := &voxhost.Image{Header: header, Voxels: voxels}
	for number, snippet := range []func(context.Context, *voxhost.Host, *voxhost.Image) error{${snippets.map((_, index) => `snippet${index}`).join(', ')}} {
		if err := snippet(ctx, host, image); err != nil {
			log.Fatalf("snippet %d: %v", number, err)
		}
	}
}
`;
}
