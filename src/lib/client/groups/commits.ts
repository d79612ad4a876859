import { toInt64 } from '../../bytes/int64.ts'
import type { CommittedOffset } from '../../model/groups.ts'
import type { AnswerOf } from '../../protocol/api.ts'
import { offsetFetch } from '../../protocol/apis/offset-fetch.ts'
import { errorCodes } from '../../protocol/error-codes.ts'
import { inChunks } from '../../values/in-chunks.ts'
import type { Cluster } from '../cluster.ts'
import type { Connection } from '../connection/connection.ts'
import { inParallel } from '../routing/in-parallel.ts'
import { orRefusal, type Refusal } from '../routing/refusal.ts'

/** Many groups at once since version 8 (KIP-709); from 10 on topics go by their ids. */
const batched = { min: 8, max: 9 }
/** All that a group has committed can be asked for since version 2. */
const single = { min: 2, max: 7 }
const GROUPS_AT_ONCE = 200
const SINGLES_AT_ONCE = 16
/** KIP-447. */
const STABLE_SINCE = 7

type Topics = AnswerOf<typeof offsetFetch>['topics']

/**
 * What groups have committed, by topic and partition. Brokers hold back what an open transaction is about to change
 * if they are asked to: that is how it is seen that there is one, and so those groups are asked once more without it.
 */
export async function fetchCommits(
  cluster: Cluster,
  connection: Connection,
  groups: readonly string[],
): Promise<Map<string, CommittedOffset[] | Refusal>> {
  const knowsStable = connection.versions.has(offsetFetch, { min: STABLE_SINCE })
  const first = await fetchTopics(cluster, connection, groups, knowsStable)
  const unsettled = [...first].flatMap(([group, topics]) => (isUnsettled(topics) ? [group] : []))
  const plain = unsettled.length === 0 ? undefined : await fetchTopics(cluster, connection, unsettled, false)
  return new Map([...first].map(([group, topics]) => [group, together(topics, plain?.get(group))]))
}

function isUnsettled(topics: Topics | Refusal): boolean {
  return (
    Array.isArray(topics) &&
    topics.some(({ partitions }) => partitions.some(({ errorCode }) => isUnstable(errorCode)))
  )
}

function isUnstable(errorCode: number): boolean {
  return errorCode === errorCodes.UNSTABLE_OFFSET_COMMIT
}

function together(
  stable: Topics | Refusal,
  plain: Topics | Refusal | undefined,
): CommittedOffset[] | Refusal {
  if (!Array.isArray(stable)) return stable
  if (plain === undefined) return commitsIn(stable, new Set())
  if (!Array.isArray(plain)) return plain
  const pending = stable.flatMap(({ name, partitions }) =>
    partitions
      .filter(({ errorCode }) => isUnstable(errorCode))
      .map((each) => `${name} ${each.partitionIndex}`),
  )
  return commitsIn(plain, new Set(pending))
}

function commitsIn(topics: Topics, pending: ReadonlySet<string>): CommittedOffset[] {
  const commits: CommittedOffset[] = []
  for (const { name: topic, partitions } of topics.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    for (const each of partitions.toSorted((a, b) => a.partitionIndex - b.partitionIndex)) {
      if (each.committedOffset < 0n || each.errorCode !== errorCodes.NONE) continue
      commits.push({
        topic,
        partition: each.partitionIndex,
        offset: toInt64(each.committedOffset),
        leaderEpoch: each.committedLeaderEpoch < 0 ? null : each.committedLeaderEpoch,
        metadata: each.metadata ?? '',
        commitTimestampMs: null,
        isPending: pending.size > 0 && pending.has(`${topic} ${each.partitionIndex}`),
      })
    }
  }
  return commits
}

async function fetchTopics(
  cluster: Cluster,
  connection: Connection,
  groups: readonly string[],
  requireStable: boolean,
): Promise<Map<string, Topics | Refusal>> {
  if (!connection.versions.has(offsetFetch, batched)) {
    return new Map(
      await inParallel(groups, SINGLES_AT_ONCE, async (groupId) => {
        const question = { groupId, topics: null, requireStable }
        const { errorCode, topics } = await cluster.askOf(connection, offsetFetch, question, single)
        return [groupId, orRefusal(errorCode, () => topics)] as const
      }),
    )
  }
  const parts = inChunks(groups, GROUPS_AT_ONCE).map((part) => {
    const question = { groups: part.map((groupId) => ({ groupId, topics: null })), requireStable }
    return cluster.askOf(connection, offsetFetch, question, batched)
  })
  const told = (await Promise.all(parts)).flatMap((answer) => answer.groups)
  return new Map(told.map(({ groupId, errorCode, topics }) => [groupId, orRefusal(errorCode, () => topics)]))
}
