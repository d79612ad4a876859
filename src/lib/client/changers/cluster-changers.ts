import type { Changers } from '../../model/changers.ts'
import type { Cluster } from '../cluster.ts'
import { liveAcls } from '../views/acl-views.ts'
import { liveClusterState } from '../views/cluster-views.ts'
import { liveConfigs } from '../views/config-views.ts'
import { liveGroups } from '../views/group-views.ts'
import { liveLeaders } from '../views/leader-views.ts'
import { liveQuotas } from '../views/quota-views.ts'
import { liveReassignments } from '../views/reassignment-views.ts'
import { liveTransactions } from '../views/transaction-views.ts'
import { liveUsers } from '../views/user-views.ts'
import { aclsChanger } from './acls-changer.ts'
import { configsChanger } from './configs-changer.ts'
import { featuresChanger } from './features-changer.ts'
import { groupsChanger } from './groups-changer.ts'
import { leadersChanger } from './leaders-changer.ts'
import { quorumChanger } from './quorum-changer.ts'
import { quotasChanger } from './quotas-changer.ts'
import { reassignmentsChanger } from './reassignments-changer.ts'
import { topicsChanger } from './topics-changer.ts'
import { transactionsChanger } from './transactions-changer.ts'
import { usersChanger } from './users-changer.ts'

/** What can be changed of a live cluster. */
export function clusterChangers(cluster: Cluster): Changers {
  const { features, quorum } = liveClusterState(cluster)
  return {
    topics: topicsChanger(cluster),
    configs: { ...liveConfigs(cluster), ...configsChanger(cluster) },
    groups: groupsChanger(cluster, liveGroups(cluster)),
    transactions: transactionsChanger(cluster, liveTransactions(cluster)),
    leaders: { ...liveLeaders(cluster), ...leadersChanger(cluster) },
    reassignments: { ...liveReassignments(cluster), ...reassignmentsChanger(cluster) },
    acls: { ...liveAcls(cluster), ...aclsChanger(cluster) },
    quotas: { ...liveQuotas(cluster), ...quotasChanger(cluster) },
    users: { ...liveUsers(cluster), ...usersChanger(cluster) },
    features: { features, ...featuresChanger(cluster) },
    quorum: { quorum, ...quorumChanger(cluster) },
  }
}
