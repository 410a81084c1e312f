// What the services speak for: the rooms behind the wire.
import type { HostConfig } from '../config.js';
import type { Log } from '../log.js';
import type { Runs } from '../runs/run.js';
import type { VolumeStore } from '../volumes/store.js';
import type { WorkflowCatalog } from '../workflows/catalog.js';

export interface Rooms {
  readonly config: HostConfig;
  readonly store: VolumeStore;
  readonly catalog: WorkflowCatalog;
  readonly runs: Runs;
  readonly log: Log;
}
