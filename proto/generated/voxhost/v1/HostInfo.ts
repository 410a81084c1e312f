// Original file: proto/voxhost/v1/host_service.proto

import type { Limits as _voxhost_v1_Limits, Limits__Output as _voxhost_v1_Limits__Output } from '../../voxhost/v1/Limits.js';
import type { Device as _voxhost_v1_Device, Device__Output as _voxhost_v1_Device__Output } from '../../voxhost/v1/Device.js';

export interface HostInfo {
  'version'?: (string);
  'protocolVersionMin'?: (number);
  'protocolVersionMax'?: (number);
  'limits'?: (_voxhost_v1_Limits | null);
  'devices'?: (_voxhost_v1_Device)[];
  'chunkEncodings'?: (string)[];
  'uptimeSeconds'?: (number | string);
}

export interface HostInfo__Output {
  'version': (string);
  'protocolVersionMin': (number);
  'protocolVersionMax': (number);
  'limits': (_voxhost_v1_Limits__Output | null);
  'devices': (_voxhost_v1_Device__Output)[];
  'chunkEncodings': (string)[];
  'uptimeSeconds': (number);
}
