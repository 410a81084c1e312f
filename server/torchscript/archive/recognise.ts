// Tells a file of torch.jit.save from its relatives, and says of those what to do with them.
import { TorchScriptError } from '../error.js';
import type { Archive } from './archive.js';

const SCRIPT_IT =
  'Load it into its network in Python and save that with torch.jit.save(torch.jit.script(network), file)';
const ZIP_MAGIC = 0x504b;

/** Refuses files that are no zip but that PyTorch users mistake for one: the weights of torch before 1.6. */
export function refuseOldWeights(bytes: Uint8Array): void {
  const isZip = bytes.length > 2 && ((bytes[0]! << 8) | bytes[1]!) === ZIP_MAGIC;
  if (!isZip && bytes[0] === 0x80 && bytes[1] !== undefined && bytes[1] <= 5) {
    throw new TorchScriptError(
      'weights-only',
      '',
      `This file holds a pickle, weights without a network. ${SCRIPT_IT}.`,
    );
  }
}

/**
 * Checks that there are weights and code, in an order of bytes and a version that are read.
 * @returns the version of the file's format
 * @throws TorchScriptError weights-only, not-torchscript, unsupported
 */
export function recognise(archive: Archive): number {
  const has = (record: string) => archive.has(record);
  if (has('model.json')) {
    const message = 'This file was saved by PyTorch 1.3 or older. Load it with a newer one and save it again.';
    throw new TorchScriptError('unsupported', 'model.json', message);
  }
  if (archive.records.some((record) => /(?:^|\/)archive_format$/.test(record))) {
    const message =
      'This file is of torch.export, not of torch.jit.save. Save the network by torch.onnx.export instead.';
    throw new TorchScriptError('not-torchscript', 'archive_format', message);
  }
  if (!has('data.pkl')) {
    throw new TorchScriptError('not-torchscript', '', 'This zip has no data.pkl, and torch.jit.save writes one.');
  }
  if (!archive.records.some((record) => record.startsWith('code/')) || !has('constants.pkl')) {
    const message = `This file holds weights without a network (torch.save of a state_dict or a checkpoint). ${SCRIPT_IT}.`;
    throw new TorchScriptError('weights-only', '', message);
  }
  if (has('byteorder') && archive.readText('byteorder').trim() !== 'little') {
    const message = `the file is in ${show(archive.readText('byteorder'))}-endian order, only little is read.`;
    throw new TorchScriptError('unsupported', 'byteorder', message);
  }
  return readVersion(archive);
}

/** `caffe2::serialize::kMaxSupportedFileFormatVersion` is 10. */
const MAX_VERSION = 10;

function readVersion(archive: Archive): number {
  const record = ['version', '.data/version'].find((name) => archive.has(name));
  if (record === undefined) throw new TorchScriptError('damaged', 'version', 'this record is missing in the archive.');
  const text = archive.readText(record).trim();
  const version = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (version < 1 || version > MAX_VERSION) {
    const message = `the file's format is of version ${show(text)}, 1 to ${MAX_VERSION} are read.`;
    throw new TorchScriptError('unsupported', record, message);
  }
  return version;
}

function show(text: string): string {
  return JSON.stringify(text.slice(0, 20).trim());
}
