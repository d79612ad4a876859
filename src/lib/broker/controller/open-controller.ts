import { join } from 'node:path'
import { FailedError } from '../../errors.ts'
import { metaFile } from '../../log/log-directory.ts'
import type { LogStore } from '../../log/write/log-store.ts'
import { METADATA_VERSION } from '../../model/metadata-versions.ts'
import type { BrokerPorts } from '../broker-ports.ts'
import type { BrokerConfigs } from '../configs/broker-configs.ts'
import { readBootstrap } from './bootstrap.ts'
import type { TopicDefaults } from './controller.ts'
import { identityOf, readIdentity } from './directory-identity.ts'
import { formatDirectory } from './format-directory.ts'
import { keepCopy, wasKafkas } from './keep-copy.ts'
import { LocalController } from './local-controller.ts'
import { mustBeOpenable } from './metadata-checks.ts'
import { metadataLogSettings } from './metadata-log-settings.ts'
import { newestSnapshot } from './snapshots.ts'

/** Keys and passwords that a directory was given before it was formatted. */
export const secureFiles: readonly string[] = [
  'broker.pem',
  'certificate.pem',
  'client.properties',
  'kcat.conf',
]

const METADATA_FOLDER = '__cluster_metadata-0'

/**
 * Before the logs of a data directory are opened: one that is empty or not there is formatted, and one that this
 * broker must not touch is refused while nothing in it has changed.
 */
export async function prepareDirectory(
  ports: Pick<BrokerPorts, 'clock' | 'disk' | 'random' | 'log'>,
  dataDir: string,
): Promise<void> {
  const { clock, disk, random } = ports
  const isThere = disk.stat(dataDir) !== undefined
  if (isThere && disk.stat(join(dataDir, metaFile)) !== undefined) await takeOver(ports, dataDir)
  else if (isThere && disk.list(dataDir).some(({ name }) => !isOwnTrace(name))) throw foreign(dataDir)
  else await formatDirectory(dataDir, { clock, disk, random })
}

/** What a formatting leaves that did not come to its end, and who looks into empty directories. */
function isOwnTrace(name: string): boolean {
  return (
    name.startsWith('bootstrap.checkpoint') ||
    name.startsWith(metaFile) ||
    name.startsWith('.') ||
    secureFiles.includes(name) ||
    name === 'lost+found'
  )
}

async function takeOver(ports: Pick<BrokerPorts, 'disk' | 'log'>, dataDir: string): Promise<void> {
  const { disk } = ports
  const identity = readIdentity(disk, dataDir)
  const image = mustBeOpenable(disk, join(dataDir, METADATA_FOLDER), identity)
  if (image?.features.has(METADATA_VERSION) !== true) readBootstrap(disk, dataDir)
  const { nodeId } = identity
  if (image !== undefined && wasKafkas(image, { disk, dataDir, nodeId }))
    await keepCopy(ports, dataDir, image)
}

function foreign(dataDir: string): FailedError {
  return new FailedError('not-a-data-directory', `${dataDir} holds files, and none of them is ${metaFile}`, {
    hint: 'name an empty directory, one that is not there yet, or one that a Kafka broker has used',
    details: { path: dataDir },
  })
}

export interface OpenControllerOptions {
  readonly ports: BrokerPorts
  readonly store: LogStore
  readonly configs: BrokerConfigs
  readonly checkTopicConfigs: TopicDefaults['checkTopicConfigs']
  readonly isFlushedOnAck: boolean
}

/** Replays the metadata of a data directory. The configs follow it from then on; `lead` is for the caller. */
export async function openController(options: OpenControllerOptions): Promise<LocalController> {
  const { ports, store, configs, checkTopicConfigs, isFlushedOnAck } = options
  const { clusterId, nodeId, directoryId } = identityOf(store.path, store.meta)
  const log = await store.openMetadataLog(metadataLogSettings(configs))
  const controller = new LocalController({
    ports,
    dataDir: store.path,
    clusterId,
    nodeId,
    directoryId,
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
  return controller
}
