import { atLeast, oneOf } from '../config-checks.ts'
import { boolean, type ConfigDefinition, int, long, string } from '../config-definition.ts'

/** Replicas and their leaders. */
export const replicationConfigs: readonly ConfigDefinition[] = [
  int('num.replica.alter.log.dirs.threads', null),
  int('default.replication.factor', 1),
  long('replica.lag.time.max.ms', 30_000),
  int('replica.socket.timeout.ms', 30_000),
  int('replica.socket.receive.buffer.bytes', 65_536),
  int('replica.fetch.max.bytes', 1_048_576).check(atLeast(0)),
  int('replica.fetch.wait.max.ms', 500),
  int('replica.fetch.backoff.ms', 1000).check(atLeast(0)),
  int('replica.fetch.min.bytes', 1),
  int('replica.fetch.response.max.bytes', 10_485_760).check(atLeast(0)),
  int('num.replica.fetchers', 1).check(atLeast(1)).clusterWide(),
  long('replica.high.watermark.checkpoint.interval.ms', 5000),
  int('fetch.purgatory.purge.interval.requests', 1000),
  int('producer.purgatory.purge.interval.requests', 1000),
  int('delete.records.purgatory.purge.interval.requests', 1),
  boolean('auto.leader.rebalance.enable', true),
  long('leader.imbalance.check.interval.seconds', 300).check(atLeast(1)),
  long('unclean.leader.election.interval.ms', 300_000).check(atLeast(1)).internal(),
  string('security.inter.broker.protocol', 'PLAINTEXT').check(
    oneOf('PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'),
  ),
  string('inter.broker.listener.name', null),
  string('replica.selector.class', null),
]
