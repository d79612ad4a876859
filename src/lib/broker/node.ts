import type { ApiVersionsRow } from '../protocol/api.ts'
import type { FreshTopics } from './apis/fresh-topics.ts'
import type { AsVersion } from './as-version.ts'
import type { BrokerPorts } from './broker-ports.ts'
import type { BrokerConfigs } from './configs/broker-configs.ts'
import type { RootLogger } from './configs/root-logger.ts'
import type { Controller } from './controller/controller.ts'
import type { GroupCoordinator } from './coordinators/group/group-coordinator.ts'
import type { ShareGroupCoordinator } from './coordinators/group/share/share-group-coordinator.ts'
import type { ShareStateCoordinator } from './coordinators/share/share-state-coordinator.ts'
import type { TransactionCoordinator } from './coordinators/transaction/transaction-coordinator.ts'
import type { FetchSessions } from './partitions/fetch-sessions.ts'
import type { LogDirs } from './partitions/log-dirs.ts'
import type { Partitions } from './partitions/partitions.ts'
import type { ShareGroups } from './partitions/share/share-groups.ts'
import type { Quotas } from './quotas/quotas.ts'
import type { Authorizer } from './security/authorizer.ts'

/** One broker of the cluster, which is its controller too: all that the APIs can reach. */
export interface Node {
  readonly id: number
  readonly clusterId: string
  readonly ports: BrokerPorts
  readonly configs: BrokerConfigs
  /** Through which everything in `ports.log` goes. */
  readonly logger: RootLogger
  readonly controller: Controller
  readonly partitions: Partitions
  readonly logDirs: LogDirs
  /** Null where everybody may do everything. */
  readonly authorizer: Authorizer | null
  readonly fetchSessions: FetchSessions
  readonly freshTopics: FreshTopics
  readonly groups: GroupCoordinator
  readonly transactions: TransactionCoordinator
  readonly shareStates: ShareStateCoordinator
  readonly shareGroups: ShareGroups
  readonly shareMembers: ShareGroupCoordinator
  readonly quotas: Quotas
  /** Where clients of a listener find this node, by the listener's name. */
  readonly endpoints: ReadonlyMap<string, Endpoint>
  /** Whose features it has. */
  readonly asVersion: AsVersion
  /** What ApiVersions says, by key. */
  readonly served: readonly ApiVersionsRow[]
}

export interface Endpoint {
  readonly host: string
  readonly port: number
}
