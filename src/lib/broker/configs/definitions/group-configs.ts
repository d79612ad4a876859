import { atLeast, oneOf, shareGroupStart } from '../config-checks.ts'
import { boolean, type ConfigDefinition, int, string } from '../config-definition.ts'

/** Settings of one group. */
export const groupConfigs: readonly ConfigDefinition[] = [
  int('consumer.session.timeout.ms', 45_000).check(atLeast(1)),
  int('consumer.heartbeat.interval.ms', 5000).check(atLeast(1)),
  int('consumer.assignment.interval.ms', 1000).check(atLeast(0)),
  int('share.session.timeout.ms', 45_000).check(atLeast(1)),
  int('share.heartbeat.interval.ms', 5000).check(atLeast(1)),
  int('share.record.lock.duration.ms', 30_000).check(atLeast(1000)),
  int('share.delivery.count.limit', 5).check(atLeast(2)),
  int('share.partition.max.record.locks', 2000).check(atLeast(100)),
  string('share.auto.offset.reset', 'latest').check(shareGroupStart),
  string('share.isolation.level', 'read_uncommitted').check(oneOf('read_committed', 'read_uncommitted')),
  boolean('share.renew.acknowledge.enable', true),
  int('share.assignment.interval.ms', 1000).check(atLeast(0)),
  int('streams.session.timeout.ms', 45_000).check(atLeast(1)),
  int('streams.heartbeat.interval.ms', 5000).check(atLeast(1)),
  int('streams.num.standby.replicas', 0).check(atLeast(0)),
  int('streams.initial.rebalance.delay.ms', 3000).check(atLeast(0)),
  int('streams.assignment.interval.ms', 1000).check(atLeast(0)),
]
