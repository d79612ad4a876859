import {
  brokerRegistrationChangeRecord,
  registerBrokerRecord,
  registerControllerRecord,
} from '../../protocol/records/cluster-metadata-broker-records.ts'
import { inOrder } from './directory-ids.ts'
import { supportedFeatures } from './features.ts'
import type { RecordVersions } from './record-versions.ts'

/** This node as it stands in the metadata log. */
export interface Registrant {
  readonly nodeId: number
  readonly directoryIds: readonly string[]
  readonly endpoints: readonly ListenerEndpoint[]
  readonly rack: string | null
}

export interface ListenerEndpoint {
  readonly name: string
  readonly host: string
  readonly port: number
  readonly securityProtocol: 'PLAINTEXT' | 'SSL' | 'SASL_PLAINTEXT' | 'SASL_SSL'
}

const securityProtocols = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'] as const

const features = supportedFeatures.map(({ name, minVersion, maxVersion }) => ({
  name,
  minSupportedVersion: minVersion,
  maxSupportedVersion: maxVersion,
}))

/** Nobody connects to this controller: its quorum has one voter, and that is in the same process. */
export function controllerRegistration({ nodeId }: Registrant, incarnationId: string): Buffer {
  const fields = { controllerId: nodeId, incarnationId, zkMigrationReady: false, endPoints: [], features }
  return registerControllerRecord.encodeFramed(fields, 0)
}

/** Its epoch is the offset that this record gets. */
export function brokerRegistration(
  { nodeId, directoryIds, endpoints, rack }: Registrant,
  { incarnationId, brokerEpoch }: { incarnationId: string; brokerEpoch: number },
  versions: RecordVersions,
): Buffer {
  const fields = {
    brokerId: nodeId,
    incarnationId,
    brokerEpoch: BigInt(brokerEpoch),
    endPoints: endpoints.map(({ securityProtocol, ...rest }) => ({
      ...rest,
      securityProtocol: securityProtocols.indexOf(securityProtocol),
    })),
    features,
    rack,
    fenced: true,
    ...(versions.registerBroker >= 3 ? { logDirs: inOrder(directoryIds) } : {}),
  }
  return registerBrokerRecord.encodeFramed(fields, versions.registerBroker)
}

interface Registered {
  readonly brokerId: number
  readonly brokerEpoch: bigint
}

export function unfencing(broker: Registered): Buffer {
  return brokerRegistrationChangeRecord.encodeFramed({ ...broker, fenced: -1 }, 0)
}

export function fencing(broker: Registered): Buffer {
  return brokerRegistrationChangeRecord.encodeFramed({ ...broker, fenced: 1 }, 0)
}

export function goodbye(broker: Registered): Buffer {
  return brokerRegistrationChangeRecord.encodeFramed({ ...broker, inControlledShutdown: 1 }, 1)
}

/** A broker says with its heartbeats which of its directories take no new partitions (KIP-1066). */
export function cordoning(broker: Registered, directoryIds: readonly string[]): Buffer {
  const cordonedLogDirs = inOrder(directoryIds)
  return brokerRegistrationChangeRecord.encodeFramed({ ...broker, cordonedLogDirs }, 3)
}
