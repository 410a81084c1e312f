// One run at a time on each device.
import test from 'ava';
import { createDeviceLeases } from '../../server/runners/device-lease.js';

test('a device is one run’s at a time, and each device stands for itself', (t) => {
  const leases = createDeviceLeases();
  const giveBack = leases.take('cpu');
  t.false(leases.isFree('cpu'));
  t.is(leases.busy('cpu'), 1);
  t.true(leases.isFree('cuda'));
  t.throws(() => leases.take('cpu'));
  giveBack();
  t.true(leases.isFree('cpu'));
});

test('giving back twice does not free the device of the next', (t) => {
  const leases = createDeviceLeases();
  const giveBack = leases.take('cpu');
  giveBack();
  leases.take('cpu');
  giveBack();
  t.false(leases.isFree('cpu'));
});
