// Original file: proto/voxhost/v1/volume_service.proto

import type { ComponentType as _voxhost_v1_ComponentType, ComponentType__Output as _voxhost_v1_ComponentType__Output } from '../../voxhost/v1/ComponentType.js';
import type { Long } from '@grpc/proto-loader';

export interface VolumeHeader {
  'sizes'?: (number | string | Long)[];
  'componentType'?: (_voxhost_v1_ComponentType);
  'components'?: (number);
  'indexToWorldLps'?: (number | string)[];
  'modality'?: (string);
}

export interface VolumeHeader__Output {
  'sizes': (number)[];
  'componentType': (_voxhost_v1_ComponentType__Output);
  'components': (number);
  'indexToWorldLps': (number)[];
  'modality': (string);
}
