// WorkflowService over a real connection; every error that the protocol lists.
import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { status } from '@grpc/grpc-js';
import test from 'ava';
import type { DeployWorkflowRequest } from '../../proto/generated/voxhost/v1/DeployWorkflowRequest.js';
import { InvalidBundle } from '../../server/errors.js';
import { mountSmallDisk } from '../fixtures/small-disk.js';
import { until } from '../fixtures/until.js';
import { ask, failed, send } from './rooms/calls.js';
import { openWire } from './rooms/open-wire.js';
import { noise, sha256Of } from './rooms/volumes.js';

function* deployOf(zip: Buffer, name = 'new'): Generator<DeployWorkflowRequest> {
  yield { start: { name } };
  for (let at = 0; at < zip.length; at += 2 ** 18) yield { data: zip.subarray(at, at + 2 ** 18) };
  yield { finish: { sizeBytes: zip.length, sha256: sha256Of(zip) } };
}

test('a workflow shows all that its bundle says, and where it is', async (t) => {
  const { workflows } = await openWire(t);
  const workflow = await ask(workflows, 'getWorkflow', { name: 'brain' });
  t.like(workflow, {
    name: 'brain',
    version: '0.1.0',
    title: 'Brain extraction',
    description: 'Finds the brain.',
    authors: 'A. Author',
    copyright: 'A. Author',
    license: 'Apache-2.0',
    task: 'segmentation',
    modality: 'MR',
    intendedUse: 'Research',
    references: ['Author et al. 2024'],
    state: 'WORKFLOW_STATE_READY',
    failure: '',
    reloadFailure: '',
    device: 'cpu',
    typicalDuration: { seconds: 1, nanos: 500_000_000 },
    resident: true,
    deployTime: { seconds: 1_700_000_000, nanos: 123_000_000 },
  });
  t.like(workflow.inputs[0], {
    name: 'image',
    kind: 'INPUT_KIND_IMAGE',
    modality: 'MR',
    channels: 1,
    channelNames: ['T1'],
    required: true,
    spatialAxes: 3,
  });
  t.is(workflow.outputs[0]?.kind, 'OUTPUT_KIND_LABEL_MAP');
  t.like(workflow.outputs[0]?.segments[0], { value: 1, name: 'brain', color: { red: 250, green: 250, blue: 225 } });
  t.deepEqual(workflow.outputs[0]?.segments[0]?.terminology?.type, {
    scheme: 'SCT',
    value: '12738006',
    meaning: 'Brain',
  });
  t.is(workflow.outputs[0]?.segments[0]?.terminology?.category, null);
  t.like(workflow.parameters[0], { name: 'overlap', type: 'PARAMETER_TYPE_NUMBER', minimum: 0, maximum: 0.95 });
  t.is(workflow.parameters[0]?.defaultValue?.numberValue, 0.25);
});

test('a workflow that is loading or has failed is listed with its reason', async (t) => {
  const { workflows, catalog } = await openWire(t);
  catalog.set('brain', undefined);
  catalog.set('broken', { state: 'failed', failure: 'configs/inference.json, network: no such file', device: '' });
  catalog.set('slow', { state: 'loading', device: '', resident: false });
  const { workflows: listed } = await ask(workflows, 'listWorkflows', {});
  t.deepEqual(
    listed.map((workflow) => [workflow.name, workflow.state, workflow.failure]),
    [
      ['broken', 'WORKFLOW_STATE_FAILED', 'configs/inference.json, network: no such file'],
      ['slow', 'WORKFLOW_STATE_LOADING', ''],
    ],
  );
});

test('pages of workflows cover all of them once, in order of name', async (t) => {
  const { workflows, catalog } = await openWire(t);
  catalog.set('brain', undefined);
  const names = Array.from({ length: 7 }, (_, index) => `w${index}`);
  for (const name of [...names].reverse()) catalog.set(name, {});
  const seen: string[] = [];
  let pageToken = '';
  do {
    const page = await ask(workflows, 'listWorkflows', { pageSize: 3, pageToken });
    t.true(page.workflows.length <= 3);
    seen.push(...page.workflows.map((workflow) => workflow.name));
    pageToken = page.nextPageToken;
    if (seen.length === 3) catalog.set('w2', undefined);
  } while (pageToken !== '');
  t.deepEqual(seen, names, 'the page that ended with a workflow now gone goes on after it');
});

test('a page size below 0 and a token of nobody are refused', async (t) => {
  const { workflows, runService, catalog, runs } = await openWire(t);
  for (const name of ['a', 'b', 'c']) catalog.set(name, {});
  const { nextPageToken } = await ask(workflows, 'listWorkflows', { pageSize: 1 });
  for (const [field, request] of [
    ['page_size', { pageSize: -1 }],
    ['page_token', { pageToken: 'b' }],
    ['page_token', { pageToken: `${nextPageToken}AA` }],
    ['page_token', { pageToken: Buffer.from(nextPageToken, 'base64url').reverse().toString('base64url') }],
  ] as const) {
    const failure = await failed(ask(workflows, 'listWorkflows', request));
    t.is(failure.code, status.INVALID_ARGUMENT);
    t.is(failure.metadata['field'], field);
  }
  t.is(runs.listRuns().length, 0);
  const ofOtherList = await failed(ask(runService, 'listRuns', { pageToken: nextPageToken }));
  t.is(ofOtherList.metadata['field'], 'page_token', 'a token of one list is none of another');
});

test('GetWorkflow of an unknown name lists those there are', async (t) => {
  const { workflows } = await openWire(t);
  const failure = await failed(ask(workflows, 'getWorkflow', { name: 'none' }));
  t.is(failure.code, status.NOT_FOUND);
  t.is(failure.reason, 'WORKFLOW_NOT_FOUND');
  t.regex(failure.message, /brain/);
});

test('a zip arrives byte for byte at the workflow room, and is gone afterwards', async (t) => {
  const wire = await openWire(t);
  const zip = noise(3 * 2 ** 20 + 17);
  let seen: { name: string; zipFile: string; sha256: string } | undefined;
  wire.catalog.onDeploy = async (name, zipFile) => {
    seen = { name, zipFile, sha256: sha256Of(await readFile(zipFile)) };
    wire.catalog.set(name, {});
    return wire.catalog.get(name);
  };
  const workflow = await send(wire.workflows, 'deployWorkflow', deployOf(zip));
  t.is(workflow.name, 'new');
  t.is(workflow.state, 'WORKFLOW_STATE_READY');
  t.like(seen, { name: 'new', sha256: sha256Of(zip) });
  t.false(existsSync(seen!.zipFile));
  t.true(seen!.zipFile.startsWith(wire.folder));
});

test('a bundle that cannot run is FAILED_PRECONDITION and names the file and the key', async (t) => {
  const { workflows, catalog } = await openWire(t);
  catalog.onDeploy = async () => {
    throw new InvalidBundle(
      { file: 'configs/inference.json', key: 'preprocessing::transforms::2' },
      'no such transform',
    );
  };
  const failure = await failed(send(workflows, 'deployWorkflow', deployOf(noise(10))));
  t.is(failure.code, status.FAILED_PRECONDITION);
  t.like(failure.metadata, { file: 'configs/inference.json', key: 'preprocessing::transforms::2' });
});

const zip = noise(100);
const sha256 = sha256Of(zip);
const badDeployments: [title: string, code: status, messages: DeployWorkflowRequest[]][] = [
  ['has no messages', status.INVALID_ARGUMENT, []],
  ['starts with data', status.INVALID_ARGUMENT, [{ data: zip }]],
  ['starts with finish', status.INVALID_ARGUMENT, [{ finish: { sizeBytes: 0, sha256 } }]],
  ['starts with an empty message', status.INVALID_ARGUMENT, [{}]],
  ['has a second start', status.INVALID_ARGUMENT, [{ start: { name: 'a' } }, { start: { name: 'a' } }]],
  ['ends without finish', status.INVALID_ARGUMENT, [{ start: { name: 'a' } }, { data: zip }]],
  [
    'finishes with another size',
    status.INVALID_ARGUMENT,
    [{ start: { name: 'a' } }, { data: zip }, { finish: { sizeBytes: 99, sha256 } }],
  ],
  [
    'finishes with another digest',
    status.INVALID_ARGUMENT,
    [{ start: { name: 'a' } }, { data: zip }, { finish: { sizeBytes: 100, sha256: '0'.repeat(64) } }],
  ],
  [
    'finishes with no digest',
    status.INVALID_ARGUMENT,
    [{ start: { name: 'a' } }, { data: zip }, { finish: { sizeBytes: 100, sha256: '' } }],
  ],
  ['is larger than the host takes', status.RESOURCE_EXHAUSTED, [{ start: { name: 'a' } }, { data: noise(1001) }]],
  ...['', '.', '..', '../a', 'a/b', 'a\\b', '.hidden', 'a b', 'a.', 'ä', 'x'.repeat(65)].map(
    (name): [string, status, DeployWorkflowRequest[]] => [
      `is named ${JSON.stringify(name)}`,
      status.INVALID_ARGUMENT,
      [{ start: { name } }, { data: zip }, { finish: { sizeBytes: 100, sha256 } }],
    ],
  ),
];
for (const [title, code, messages] of badDeployments) {
  test(`a deployment that ${title} is ${status[code]} and never reaches the workflow room`, async (t) => {
    const { workflows, catalog, folder } = await openWire(t, { config: { maxBundleBytes: 1000 } });
    catalog.onDeploy = async () => t.fail() as never;
    const failure = await failed(send(workflows, 'deployWorkflow', messages));
    t.is(failure.code, code);
    t.truthy(failure.reason);
    t.deepEqual(readdirSync(join(folder, 'bundle-uploads')), []);
  });
}

test('a deployment that is cut never reaches the workflow room, and its file is removed', async (t) => {
  const { workflows, catalog, folder } = await openWire(t);
  const uploads = join(folder, 'bundle-uploads');
  catalog.onDeploy = async () => t.fail() as never;
  const call = workflows.deployWorkflow(() => {});
  call.on('error', () => {});
  call.write({ start: { name: 'a' } });
  call.write({ data: zip });
  await until(() => readdirSync(uploads).length === 1);
  call.cancel();
  await until(() => readdirSync(uploads).length === 0);
  t.pass();
});

test('a disk that fills during a deployment is RESOURCE_EXHAUSTED with a remedy, and what was written is removed', async (t) => {
  const dataFolder = await mountSmallDisk(t, 4);
  if (!dataFolder) return;
  const { workflows, catalog } = await openWire(t, { config: { dataFolder } });
  catalog.onDeploy = async () => t.fail() as never;
  const failure = await failed(send(workflows, 'deployWorkflow', deployOf(noise(6 * 2 ** 20))));
  t.is(failure.code, status.RESOURCE_EXHAUSTED);
  t.is(failure.reason, 'DISK_FULL');
  t.regex(failure.message, /--data/);
  t.deepEqual(readdirSync(join(dataFolder, 'bundle-uploads')), []);
});

test('a host that was started without deployment says so, and deploys and undeploys nothing', async (t) => {
  const { workflows, catalog } = await openWire(t, { config: { allowDeploy: false } });
  catalog.onDeploy = async () => t.fail() as never;
  for (const answer of [
    send(workflows, 'deployWorkflow', deployOf(zip)),
    ask(workflows, 'undeployWorkflow', { name: 'brain' }),
  ]) {
    const failure = await failed(answer);
    t.is(failure.code, status.PERMISSION_DENIED);
    t.is(failure.reason, 'DEPLOY_DISABLED');
  }
  t.is(catalog.get('brain').state, 'ready');
});

test('an undeployed workflow is gone; one that is not there is NOT_FOUND', async (t) => {
  const { workflows } = await openWire(t);
  t.deepEqual(await ask(workflows, 'undeployWorkflow', { name: 'brain' }), {});
  t.is((await failed(ask(workflows, 'undeployWorkflow', { name: 'brain' }))).code, status.NOT_FOUND);
});
