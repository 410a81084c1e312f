// The package's public face: `import { connect } from 'voxhost'`.
export { Cancelled, FailedPrecondition, InvalidArgument, NotFound, VoxhostError } from '../../server/errors.js';
export {
  IMAGE_FILE_ENDINGS,
  type ImageFile,
  readImageFile,
  type WriteOptions,
  writeImageFile,
} from '../../server/imaging/formats/image-file.js';
export type { ComponentType } from '../../server/imaging/volume-header.js';
export { DEFAULT_ADDRESS } from './address.js';
export type { ConnectOptions } from './channel.js';
export { connect, type Health, type Host } from './connect.js';
export type { DeployOptions } from './deploy.js';
export type { DownloadOptions } from './download.js';
export type { Prediction } from './predict.js';
export type { RunOptions } from './runs.js';
export type * from './types.js';
export type { UploadOptions } from './upload.js';
