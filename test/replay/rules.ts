import type { Rules } from './differences.ts'

/** Where a broker is, and when something happened: true of that run only. */
const OF_THE_RUN = new Set([
  'host',
  'port',
  'clusterId',
  'logDir',
  'partitionSize',
  'totalBytes',
  'usableBytes',
  'logAppendTimeMs',
  'lastTimestamp',
  'startTimestamp',
  'transactionStartTimeMs',
  'timestamp',
  'topicId',
  'memberId',
  'leader',
  'producerId',
  'sessionId',
  'finalizedFeaturesEpoch',
  // None of them, or no list, according to how many bytes there was room for.
  'abortedTransactions',
  // Kafka's sentences are Kafka's.
  'documentation',
])

/** What a broker says of itself must be what Kafka says, to the letter. */
export const exactRules: Rules = {
  isLoose: (_path, name) => OF_THE_RUN.has(name),
  isLeftOut: () => false,
  // What other topics, groups and APIs there are is no matter of a probe.
  isOpenList: (path) => /^(topics|apiKeys|groups|transactionStates)$/.test(path),
}

/** The same, where a request names all that the answer may speak of. */
export function closedRules(rules: Rules): Rules {
  return { ...rules, isOpenList: () => false }
}

/** Topics in log directories, topics that have leaders, users, entities with quotas, resources with configs. */
const OF_THE_CLUSTER = /^(results\[.*\]\.topics|replicaElectionResults|results|entries|configResources)$/

/** Where it asks for all there is, of which each of two brokers has something else. */
export function openRules(rules: Rules): Rules {
  return {
    ...rules,
    isLeftOut: (path, name) => path === 'nextCursor' || rules.isLeftOut(path, name),
    isOpenList: (path) => OF_THE_CLUSTER.test(path) || rules.isOpenList(path),
  }
}

/** What depends on what went before on that broker: how much lay in which log, and where a client got to. */
const OF_THE_DATA = new Set([
  'baseOffset',
  'offset',
  'endOffset',
  'highWatermark',
  'lastStableOffset',
  'logStartOffset',
  'lowWatermark',
  'committedOffset',
  'committedLeaderEpoch',
  'leaderEpoch',
  'firstOffset',
  'producerEpoch',
  'records',
  'partitionSize',
  'generationId',
  'memberEpoch',
])

/** Answers of the same shape: the same errors, the same fields, the same things there. */
export const sessionRules: Rules = {
  ...exactRules,
  isLoose: (path, name) => exactRules.isLoose(path, name) || OF_THE_DATA.has(name),
}
