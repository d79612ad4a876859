import type { CommittedOffset, GroupPositions, ShareOffset } from '../../model/groups.ts'
import type { Cluster } from '../cluster.ts'
import type { Connection } from '../connection/connection.ts'
import { Refusal } from '../routing/refusal.ts'
import { fetchCommits } from './commits.ts'
import { describeOwn } from './describe-own.ts'
import type { GroupAsTold } from './group-words.ts'
import { askShareOffsets } from './share-offsets.ts'

/** Where groups of one coordinator stand. */
export async function positionsOfOwn(
  cluster: Cluster,
  connection: Connection,
  groups: readonly string[],
): Promise<Map<string, GroupPositions | Refusal>> {
  const [described, commits] = await Promise.all([
    describeOwn(cluster, connection, groups),
    fetchCommits(cluster, connection, groups),
  ])
  const sharing = groups.filter((group) => {
    const found = described.get(group)
    return found !== undefined && !(found instanceof Refusal) && found.type === 'Share'
  })
  const shares = await askShareOffsets(cluster, connection, sharing)
  return new Map(
    [...described].map(([group, found]) => [
      group,
      found instanceof Refusal ? found : positionsOf(found, commits.get(group), shares.get(group)),
    ]),
  )
}

function positionsOf(
  { group, type, members }: GroupAsTold,
  commits: CommittedOffset[] | Refusal | undefined,
  shares: ShareOffset[] | Refusal | undefined,
): GroupPositions | Refusal {
  const none = { group, type, members, commits: [], pending: [], shares: [] }
  if (type === 'Share') return shares instanceof Refusal ? shares : { ...none, shares: shares ?? [] }
  if (commits instanceof Refusal) return commits
  const pending = (commits ?? [])
    .filter(({ isPending }) => isPending)
    .map(({ topic, partition }) => ({ topic, partition, offset: null }))
  return { ...none, commits: commits ?? [], pending }
}
