import { KtoolError } from '../../errors.ts'
import type { TopicPartition } from '../../model/groups.ts'
import type { Outcome } from '../../model/outcome.ts'
import { partitionName } from '../../model/partitions.ts'
import type { Cluster } from '../cluster.ts'
import type { Connection } from '../connection/connection.ts'
import { askCoordinators } from '../routing/by-coordinator.ts'
import { coordinated } from '../routing/coordinated.ts'
import { inParallel } from '../routing/in-parallel.ts'
import type { Refusal } from '../routing/refusal.ts'

/** Something of one partition that is done in a group. */
interface InGroup extends TopicPartition {
  readonly group: string
}

/** What a coordinator said of the partitions of one group, by their keys, or of the whole of it. */
export type GroupAnswer = ReadonlyMap<string, KtoolError | null> | Refusal

const GROUPS_AT_ONCE = 8

/** Asks each group's coordinator for all of its partitions in one question; answers in the order of the items. */
export async function askByGroup<Item extends InGroup>(
  cluster: Cluster,
  items: readonly Item[],
  ask: (connection: Connection, group: string, own: readonly Item[]) => Promise<GroupAnswer>,
): Promise<Outcome<null>[]> {
  const byGroup = new Map<string, Item[]>()
  for (const item of items) {
    const own = byGroup.get(item.group)
    if (own === undefined) byGroup.set(item.group, [item])
    else own.push(item)
  }
  const answers = await askCoordinators(
    cluster,
    coordinated.group,
    [...byGroup.keys()],
    async (connection, own) => {
      const told = await inParallel(own, GROUPS_AT_ONCE, async (group) => {
        return [group, await ask(connection, group, byGroup.get(group) ?? [])] as const
      })
      return new Map(told)
    },
  )
  return items.map((item) => {
    const answer = answers.get(item.group)
    const outcome = answer instanceof KtoolError ? answer : (answer?.get(partitionName(item)) ?? null)
    return { item: `${item.group} ${partitionName(item)}`, outcome }
  })
}

/** As requests have them: topics with their partitions. */
export function topicsOf<Item extends TopicPartition>(
  items: readonly Item[],
): { readonly topic: string; readonly partitions: readonly Item[] }[] {
  const topics = new Map<string, Item[]>()
  for (const item of items) {
    const own = topics.get(item.topic)
    if (own === undefined) topics.set(item.topic, [item])
    else own.push(item)
  }
  return [...topics].map(([topic, partitions]) => ({ topic, partitions }))
}
