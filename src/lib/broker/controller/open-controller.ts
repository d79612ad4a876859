import type { LogStore } from '../../log/write/log-store.ts'
import type { BrokerPorts } from '../broker-ports.ts'
import type { BrokerConfigs } from '../configs/broker-configs.ts'
import { cordonedOf } from '../configs/cordoned-log-dirs.ts'
import type { TopicDefaults } from './controller.ts'
import type { Identity } from './identity.ts'
import { LocalController } from './local-controller.ts'
import { metadataLogSettings } from './metadata-log-settings.ts'
import { newestSnapshot } from './snapshots.ts'

export interface OpenControllerOptions {
  readonly ports: BrokerPorts
  readonly identity: Identity
  readonly store: LogStore
  readonly configs: BrokerConfigs
  readonly checkTopicConfigs: TopicDefaults['checkTopicConfigs']
  readonly isFlushedOnAck: boolean
}

/** Replays the metadata of a data directory. The configs follow it from then on; `lead` is for the caller. */
export async function openController(options: OpenControllerOptions): Promise<LocalController> {
  const { ports, store, configs, checkTopicConfigs, isFlushedOnAck } = options
  const { clusterId, nodeId, metadataDir, logDirs } = options.identity
  const paths = logDirs.map(({ path }) => path)
  const log = await store.openMetadataLog(metadataLogSettings(configs))
  const controller = new LocalController({
    ports,
    dataDir: metadataDir,
    clusterId,
    nodeId,
    directoryIds: logDirs.map(({ directoryId }) => directoryId),
    cordonedIds: () => {
      const cordoned = cordonedOf(configs, paths)
      return logDirs.filter(({ path }) => cordoned.includes(path)).map(({ directoryId }) => directoryId)
    },
    log,
    snapshot: newestSnapshot(ports.disk, log.path),
    defaults: {
      partitions: () => configs.int('num.partitions'),
      replicationFactor: () => configs.int('default.replication.factor'),
      minInsyncReplicas: () => configs.int('min.insync.replicas'),
      checkTopicConfigs,
    },
    snapshots: {
      maxBytes: () => configs.long('metadata.log.max.record.bytes.between.snapshots'),
      maxIntervalMs: () => configs.long('metadata.log.max.snapshot.interval.ms'),
      retentionBytes: () => configs.long('metadata.max.retention.bytes'),
      retentionMs: () => configs.long('metadata.max.retention.ms'),
    },
    isFlushedOnAck,
  })
  configs.follow(controller)
  store.cordon(cordonedOf(configs, paths))
  configs.onChange((topic) => {
    if (topic !== null) return
    store.cordon(cordonedOf(configs, paths))
    controller.cordon()
  })
  return controller
}
