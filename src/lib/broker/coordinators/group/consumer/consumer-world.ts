import type { GroupShard } from '../group-shard.ts'
import type { Rebalances } from '../rebalances.ts'
import type { Timers } from './timers.ts'

/** What the parts of a shard that serve consumer groups share. */
export interface ConsumerWorld {
  readonly shard: GroupShard
  readonly timers: Timers
  /** Of classic groups, for those that become one. */
  readonly rebalances: Rebalances
}
