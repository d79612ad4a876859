import type { Views } from '../../model/views.ts'
import type { Cluster } from '../cluster.ts'
import { liveAcls } from './acl-views.ts'
import { liveCluster } from './cluster-views.ts'
import { liveConfigs } from './config-views.ts'
import { liveGroups } from './group-views.ts'
import { liveOffsets } from './offset-views.ts'
import { liveQuotas } from './quota-views.ts'
import { liveRecords } from './record-views.ts'
import { liveTopics } from './topic-views.ts'
import { liveTransactions } from './transaction-views.ts'
import { liveUsers } from './user-views.ts'

/** What a live cluster can tell. Nothing is asked before a view is. */
export function liveViews(cluster: Cluster): Views {
  const offsets = liveOffsets(cluster)
  return {
    topics: { view: liveTopics(cluster, offsets) },
    configs: { view: liveConfigs(cluster) },
    acls: { view: liveAcls(cluster) },
    users: { view: liveUsers(cluster) },
    quotas: { view: liveQuotas(cluster) },
    cluster: { view: liveCluster(cluster) },
    records: { view: liveRecords(cluster) },
    groups: { view: liveGroups(cluster) },
    offsets: { view: offsets },
    transactions: { view: liveTransactions(cluster) },
    notes: () => [],
    unread: () => [],
    trouble: () => null,
  }
}
