import { toInt64 } from '../../bytes/int64.ts'
import {
  brokerRegistrationChangeRecord,
  fenceBrokerRecord,
  registerBrokerRecord,
  registerControllerRecord,
  unregisterBrokerRecord,
} from '../../protocol/records/cluster-metadata-broker-records.ts'
import {
  featureLevelRecord,
  producerIdsRecord,
  unfenceBrokerRecord,
} from '../../protocol/records/cluster-metadata-records.ts'
import { alteration, change, type MetadataChange } from './metadata-change.ts'
import type { BrokerImage, EndpointImage } from './metadata-image.ts'
import type { MetadataState } from './metadata-state.ts'
import { tagKeys } from './unknown-tags.ts'

const securityProtocols = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL']

export const nodeChanges: readonly MetadataChange[] = [
  change(registerBrokerRecord, ({ brokers }, record) => {
    brokers.set(record.brokerId, {
      id: record.brokerId,
      epoch: toInt64(record.brokerEpoch),
      incarnationId: record.incarnationId,
      endpoints: record.endPoints.map(endpoint),
      rack: record.rack,
      isFenced: record.fenced,
      isInControlledShutdown: record.inControlledShutdown,
      directories: record.logDirs,
    })
  }),
  change(unregisterBrokerRecord, ({ brokers }, { brokerId }) => {
    brokers.delete(brokerId)
  }),
  change(fenceBrokerRecord, (state, { id }) => alterBroker(state, id, { isFenced: true })),
  change(unfenceBrokerRecord, (state, { id }) => alterBroker(state, id, { isFenced: false })),
  alteration(brokerRegistrationChangeRecord, (state, record) => {
    // 1 turns it on, −1 off, 0 leaves it; no directories are no change.
    alterBroker(state, record.brokerId, {
      ...(record.fenced === 0 ? {} : { isFenced: record.fenced === 1 }),
      ...(record.inControlledShutdown === 0
        ? {}
        : { isInControlledShutdown: record.inControlledShutdown === 1 }),
      ...(record.logDirs.length === 0 ? {} : { directories: record.logDirs }),
    })
  }),
  change(registerControllerRecord, ({ controllers }, { controllerId, incarnationId, endPoints }) => {
    controllers.set(controllerId, { id: controllerId, incarnationId, endpoints: endPoints.map(endpoint) })
  }),
  change(featureLevelRecord, ({ features, tags }, { name, featureLevel, unknownTags }) => {
    if (featureLevel === 0) features.delete(name)
    else features.set(name, featureLevel)
    tags.keep(tagKeys.feature(name), unknownTags)
  }),
  change(producerIdsRecord, (state, { nextProducerId, unknownTags }) => {
    state.nextProducerId = toInt64(nextProducerId)
    state.tags.keep(tagKeys.producerIds, unknownTags)
  }),
]

function alterBroker({ brokers }: MetadataState, id: number, changed: Partial<BrokerImage>): void {
  const before = brokers.get(id)
  if (before !== undefined) brokers.set(id, { ...before, ...changed })
}

function endpoint(said: {
  name: string
  host: string
  port: number
  securityProtocol: number
}): EndpointImage {
  const { name, host, port, securityProtocol } = said
  return {
    name,
    host,
    port,
    securityProtocol: securityProtocols[securityProtocol] ?? `UNKNOWN(${securityProtocol})`,
  }
}
