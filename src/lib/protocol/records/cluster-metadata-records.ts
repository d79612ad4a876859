import { array } from '../../schema/array.ts'
import { bool, float64, int8, int16, int32, int64 } from '../../schema/numbers.ts'
import { string } from '../../schema/text-and-bytes.ts'
import { LogRecord } from '../log-record.ts'

/** Configurations, features, quotas, producer ids and transactions of `__cluster_metadata` itself. */

export const configRecord = new LogRecord({
  name: 'ConfigRecord',
  type: 'metadata',
  key: 4,
  framing: 'metadata',
  versions: '0',
  flexible: 0,
  fields: {
    resourceType: int8.about('2 topic, 4 broker, 16 client metrics, 32 group.'),
    resourceName: string,
    name: string,
    value: string.nullable().about('Null deletes the entry.'),
  },
})

export const unfenceBrokerRecord = new LogRecord({
  name: 'UnfenceBrokerRecord',
  type: 'metadata',
  key: 8,
  framing: 'metadata',
  versions: '0',
  flexible: 0,
  fields: {
    id: int32,
    epoch: int64,
  },
})

export const featureLevelRecord = new LogRecord({
  name: 'FeatureLevelRecord',
  type: 'metadata',
  key: 12,
  framing: 'metadata',
  versions: '0',
  flexible: 0,
  fields: {
    name: string,
    featureLevel: int16,
  },
})

export const clientQuotaRecord = new LogRecord({
  name: 'ClientQuotaRecord',
  type: 'metadata',
  key: 14,
  framing: 'metadata',
  versions: '0',
  flexible: 0,
  fields: {
    entity: array({
      entityType: string,
      entityName: string.nullable(),
    }),
    key: string,
    value: float64,
    remove: bool,
  },
})

export const producerIdsRecord = new LogRecord({
  name: 'ProducerIdsRecord',
  type: 'metadata',
  key: 15,
  framing: 'metadata',
  versions: '0',
  flexible: 0,
  fields: {
    brokerId: int32,
    brokerEpoch: int64.default(-1n),
    nextProducerId: int64,
  },
})

export const noOpRecord = new LogRecord({
  name: 'NoOpRecord',
  type: 'metadata',
  key: 20,
  framing: 'metadata',
  versions: '0',
  flexible: 0,
  fields: {},
})

export const zkMigrationStateRecord = new LogRecord({
  name: 'ZkMigrationStateRecord',
  type: 'metadata',
  key: 21,
  framing: 'metadata',
  versions: '0',
  flexible: 0,
  fields: {
    zkMigrationState: int8,
  },
})

export const beginTransactionRecord = new LogRecord({
  name: 'BeginTransactionRecord',
  type: 'metadata',
  key: 23,
  framing: 'metadata',
  versions: '0',
  flexible: 0,
  fields: {
    name: string.nullable().default(null).tagged(0),
  },
})

export const endTransactionRecord = new LogRecord({
  name: 'EndTransactionRecord',
  type: 'metadata',
  key: 24,
  framing: 'metadata',
  versions: '0',
  flexible: 0,
  fields: {},
})

export const abortTransactionRecord = new LogRecord({
  name: 'AbortTransactionRecord',
  type: 'metadata',
  key: 25,
  framing: 'metadata',
  versions: '0',
  flexible: 0,
  fields: {
    reason: string.nullable().default(null).tagged(0),
  },
})
