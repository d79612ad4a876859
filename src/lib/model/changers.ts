import type { AclsView } from './acls.ts'
import type { AclsChanger } from './acls-changer.ts'
import type { ClusterStateView } from './cluster-state.ts'
import type { ConfigsView } from './configs.ts'
import type { ConfigsChanger } from './configs-changer.ts'
import type { FeaturesChanger } from './features-changer.ts'
import type { GroupsChanger } from './groups-changer.ts'
import type { LeadersChanger, LeadersView } from './leaders.ts'
import type { QuorumChanger } from './quorum-changer.ts'
import type { QuotasView } from './quotas.ts'
import type { QuotasChanger } from './quotas-changer.ts'
import type { ReassignmentsChanger, ReassignmentsView } from './reassignments.ts'
import type { TopicsChanger } from './topics-changer.ts'
import type { TransactionsChanger } from './transactions-changer.ts'
import type { UsersView } from './users.ts'
import type { UsersChanger } from './users-changer.ts'

/** What can be changed of a live cluster, one changer a noun. Each item succeeds or fails by itself. */
export interface Changers {
  readonly topics: TopicsChanger
  readonly configs: ConfigsChanger & ConfigsView
  /** What only a live cluster tells is told here too. */
  readonly leaders: LeadersChanger & LeadersView
  readonly reassignments: ReassignmentsChanger & ReassignmentsView
  readonly groups: GroupsChanger
  readonly transactions: TransactionsChanger
  readonly acls: AclsChanger & AclsView
  readonly quotas: QuotasChanger & QuotasView
  readonly users: UsersChanger & UsersView
  readonly features: FeaturesChanger & Pick<ClusterStateView, 'features'>
  readonly quorum: QuorumChanger & Pick<ClusterStateView, 'quorum'>
}
