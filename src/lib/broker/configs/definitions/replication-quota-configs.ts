import { atLeast } from '../config-checks.ts'
import { type ConfigDefinition, long, MAX_LONG } from '../config-definition.ts'

/** Bytes per second that replication may take. They can be set while a broker runs, and nowhere else. */
export const replicationQuotaConfigs: readonly ConfigDefinition[] = [
  long('leader.replication.throttled.rate', MAX_LONG).check(atLeast(0)).clusterWide(),
  long('follower.replication.throttled.rate', MAX_LONG).check(atLeast(0)).clusterWide(),
  long('replica.alter.log.dirs.io.max.bytes.per.second', MAX_LONG).check(atLeast(0)).clusterWide(),
]
