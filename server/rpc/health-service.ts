// grpc.health.v1: the host as a whole (""), each of its services, and each workflow by its name.
import type { HealthHandlers } from '../../proto/generated/grpc/health/v1/Health.js';
import type { HealthCheckResponse } from '../../proto/generated/grpc/health/v1/HealthCheckResponse.js';
import { NotFound, VoxhostError } from '../errors.js';
import type { WorkflowCatalog } from '../workflows/catalog.js';
import type { Calls } from './calls.js';

type Health = 'SERVING' | 'NOT_SERVING';

/**
 * @param services full names, such as `voxhost.v1.RunService`
 * @param closing aborts when the host begins to stop: all is NOT_SERVING from then on, and watchers are let go
 */
export function createHealthService(
  calls: Calls,
  catalog: WorkflowCatalog,
  services: readonly string[],
  closing: AbortSignal,
): HealthHandlers {
  const alwaysThere = new Set(['', ...services]);

  const healthOf = (name: string): Health | undefined => {
    const workflow = catalog.list().find((one) => one.name === name);
    if (!alwaysThere.has(name) && !workflow) return undefined;
    if (closing.aborted) return 'NOT_SERVING';
    return alwaysThere.has(name) || workflow?.state === 'ready' ? 'SERVING' : 'NOT_SERVING';
  };

  async function* watch(name: string, signal: AbortSignal): AsyncGenerator<HealthCheckResponse, void, undefined> {
    let wake = (): void => {};
    const onChange = (): void => wake();
    const unsubscribe = catalog.subscribe(onChange);
    for (const source of [signal, closing]) source.addEventListener('abort', onChange);
    let sent: string | undefined;
    try {
      while (!signal.aborted) {
        const current = healthOf(name) ?? 'SERVICE_UNKNOWN';
        if (current !== sent) {
          sent = current;
          yield { status: current };
        } else if (closing.aborted) {
          throw stopping();
        } else {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
    } finally {
      unsubscribe();
      for (const source of [signal, closing]) source.removeEventListener('abort', onChange);
    }
  }

  return {
    Check: calls.unary(({ service }) => {
      const health = healthOf(service);
      if (!health) throw new NotFound('service', service, 'Health knows "", the services, and the workflows by name.');
      return { status: health };
    }),

    List: calls.unary(() => {
      const names = [...alwaysThere, ...catalog.list().map((workflow) => workflow.name)];
      return { statuses: Object.fromEntries(names.map((name) => [name, { status: healthOf(name)! }])) };
    }),

    Watch: calls.serverStreaming(({ service }, { signal }) => watch(service, signal)),
  };
}

function stopping(): VoxhostError {
  return new VoxhostError({ code: 'UNAVAILABLE', reason: 'STOPPING', message: 'The host is stopping.', metadata: {} });
}
