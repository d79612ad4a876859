import { array } from '../../schema/array.ts'
import { bool, int8, int16, int32, int64, uint16 } from '../../schema/numbers.ts'
import { string, uuid } from '../../schema/text-and-bytes.ts'
import { LogRecord } from '../log-record.ts'

/** Brokers and controllers in `__cluster_metadata`: who is there, who is fenced. */

export const registerBrokerRecord = new LogRecord({
  name: 'RegisterBrokerRecord',
  type: 'metadata',
  key: 0,
  framing: 'metadata',
  versions: '0-4',
  flexible: 0,
  fields: {
    brokerId: int32,
    isMigratingZkBroker: bool.since(2),
    incarnationId: uuid,
    brokerEpoch: int64,
    endPoints: array({
      name: string,
      host: string,
      port: uint16,
      securityProtocol: int16,
    }),
    features: array({
      name: string,
      minSupportedVersion: int16,
      maxSupportedVersion: int16,
    }),
    rack: string.nullable(),
    fenced: bool.default(true),
    inControlledShutdown: bool.since(1),
    logDirs: array(uuid).since(3).tagged(0),
    cordonedLogDirs: array(uuid).since(4).nullable().default(null).tagged(1),
  },
})

export const unregisterBrokerRecord = new LogRecord({
  name: 'UnregisterBrokerRecord',
  type: 'metadata',
  key: 1,
  framing: 'metadata',
  versions: '0',
  flexible: 0,
  fields: {
    brokerId: int32,
    brokerEpoch: int64,
  },
})

export const fenceBrokerRecord = new LogRecord({
  name: 'FenceBrokerRecord',
  type: 'metadata',
  key: 7,
  framing: 'metadata',
  versions: '0',
  flexible: 0,
  fields: {
    id: int32,
    epoch: int64,
  },
})

export const brokerRegistrationChangeRecord = new LogRecord({
  name: 'BrokerRegistrationChangeRecord',
  type: 'metadata',
  key: 17,
  framing: 'metadata',
  versions: '0-3',
  flexible: 0,
  fields: {
    brokerId: int32,
    brokerEpoch: int64,
    fenced: int8.tagged(0),
    inControlledShutdown: int8.since(1).tagged(1),
    logDirs: array(uuid).since(2).tagged(2),
    cordonedLogDirs: array(uuid).since(3).nullable().default(null).tagged(3),
  },
})

export const registerControllerRecord = new LogRecord({
  name: 'RegisterControllerRecord',
  type: 'metadata',
  key: 27,
  framing: 'metadata',
  versions: '0',
  flexible: 0,
  fields: {
    controllerId: int32,
    incarnationId: uuid,
    zkMigrationReady: bool,
    endPoints: array({
      name: string,
      host: string,
      port: uint16,
      securityProtocol: int16,
    }),
    features: array({
      name: string,
      minSupportedVersion: int16,
      maxSupportedVersion: int16,
    }),
  },
})
