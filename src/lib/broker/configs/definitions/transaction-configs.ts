import { atLeast } from '../config-checks.ts'
import { boolean, type ConfigDefinition, int, short } from '../config-definition.ts'

/** Transactions and producer ids. */
export const transactionConfigs: readonly ConfigDefinition[] = [
  int('transaction.state.log.min.isr', 2).check(atLeast(1)),
  int('transaction.state.log.load.buffer.size', 5_242_880).check(atLeast(1)),
  short('transaction.state.log.replication.factor', 3).check(atLeast(1)),
  int('transaction.state.log.num.partitions', 50).check(atLeast(1)),
  int('transaction.state.log.segment.bytes', 104_857_600).check(atLeast(1)),
  boolean('transaction.partition.verification.enable', true).clusterWide(),
  int('producer.id.expiration.ms', 86_400_000).check(atLeast(1)).clusterWide(),
  int('producer.id.expiration.check.interval.ms', 600_000).check(atLeast(1)).internal(),
  int('transactional.id.expiration.ms', 604_800_000).check(atLeast(1)),
  int('transaction.max.timeout.ms', 900_000).check(atLeast(1)),
  int('transaction.abort.timed.out.transaction.cleanup.interval.ms', 10_000).check(atLeast(1)),
  int('transaction.remove.expired.transaction.cleanup.interval.ms', 3_600_000).check(atLeast(1)),
  boolean('transaction.two.phase.commit.enable', false),
  int('add.partitions.to.txn.retry.backoff.max.ms', 100).check(atLeast(0)),
  int('add.partitions.to.txn.retry.backoff.ms', 20).check(atLeast(1)),
]
