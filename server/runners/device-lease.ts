// Who computes on which device: one run at a time each, so that two models do not fight for the same cores.

export interface DeviceLeases {
  isFree(device: string): boolean;
  /** Takes a free device; the returned function gives it back and may be called twice. @throws Error when taken. */
  take(device: string): () => void;
  /** Runs that hold the device now: 0 or 1. */
  busy(device: string): number;
}

export function createDeviceLeases(): DeviceLeases {
  const taken = new Map<string, symbol>();
  return {
    isFree: (device) => !taken.has(device),
    take: (device) => {
      if (taken.has(device)) throw new Error(`the device ${device} is taken`);
      const lease = Symbol(device);
      taken.set(device, lease);
      return () => {
        if (taken.get(device) === lease) taken.delete(device);
      };
    },
    busy: (device) => (taken.has(device) ? 1 : 0),
  };
}
