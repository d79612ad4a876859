import { atLeast, between, notEmpty } from '../config-checks.ts'
import { boolean, type ConfigDefinition, double, int, long, MAX_LONG, string } from '../config-definition.ts'

/** Tiered storage (KIP-405). */
export const remoteLogConfigs: readonly ConfigDefinition[] = [
  boolean('remote.log.storage.system.enable', false),
  string('remote.log.storage.manager.impl.prefix', 'rsm.config.').check(notEmpty),
  string('remote.log.metadata.manager.impl.prefix', 'rlmm.config.').check(notEmpty),
  string('remote.log.storage.manager.class.name', null).check(notEmpty),
  string('remote.log.storage.manager.class.path', null),
  string(
    'remote.log.metadata.manager.class.name',
    'org.apache.kafka.server.log.remote.metadata.storage.TopicBasedRemoteLogMetadataManager',
  ).check(notEmpty),
  string('remote.log.metadata.manager.class.path', null),
  string('remote.log.metadata.manager.listener.name', null).check(notEmpty),
  int('remote.log.metadata.custom.metadata.max.bytes', 128).check(atLeast(0)),
  long('remote.log.index.file.cache.total.size.bytes', 1_073_741_824).check(atLeast(1)).clusterWide(),
  long('remote.log.index.file.cache.ttl.ms', 900_000).check(atLeast(-1)).internal(),
  int('remote.log.manager.thread.pool.size', 2).check(atLeast(1)),
  int('remote.log.manager.copier.thread.pool.size', 10).check(atLeast(1)).clusterWide(),
  int('remote.log.manager.expiration.thread.pool.size', 10).check(atLeast(1)).clusterWide(),
  int('remote.log.manager.follower.thread.pool.size', 2).check(atLeast(1)).clusterWide(),
  long('remote.log.manager.task.interval.ms', 30_000).check(atLeast(1)),
  long('remote.log.manager.task.retry.backoff.ms', 500).check(atLeast(1)).internal(),
  long('remote.log.manager.task.retry.backoff.max.ms', 30_000).check(atLeast(1)).internal(),
  double('remote.log.manager.task.retry.jitter', 0.2).check(between(0, 0.5)).internal(),
  int('remote.log.reader.threads', 10).check(atLeast(1)).clusterWide(),
  int('remote.log.reader.max.pending.tasks', 100).check(atLeast(1)),
  long('remote.log.manager.copy.max.bytes.per.second', MAX_LONG).check(atLeast(1)).clusterWide(),
  int('remote.log.manager.copy.quota.window.num', 11).check(atLeast(1)),
  int('remote.log.manager.copy.quota.window.size.seconds', 1).check(atLeast(1)),
  long('remote.log.manager.fetch.max.bytes.per.second', MAX_LONG).check(atLeast(1)).clusterWide(),
  int('remote.log.manager.fetch.quota.window.num', 11).check(atLeast(1)),
  int('remote.log.manager.fetch.quota.window.size.seconds', 1).check(atLeast(1)),
  int('remote.fetch.max.wait.ms', 500).check(atLeast(1)).clusterWide(),
  long('remote.list.offsets.request.timeout.ms', 30_000).check(atLeast(1)).clusterWide(),
  boolean('follower.fetch.last.tiered.offset.enable', false).clusterWide(),
]
