import { FailedError, KtoolError } from '../../errors.ts'
import type { Group, GroupsView } from '../../model/groups.ts'
import { itemsIn, type Outcome } from '../../model/outcome.ts'
import { nearest } from '../../values/nearest.ts'
import type { Cluster } from '../cluster.ts'
import type { Connection } from '../connection/connection.ts'
import { describeOwn } from '../groups/describe-own.ts'
import { positionsOfOwn } from '../groups/group-positions.ts'
import { allGroups } from '../groups/list-groups.ts'
import { askCoordinators } from '../routing/by-coordinator.ts'
import { coordinated } from '../routing/coordinated.ts'
import { Refusal } from '../routing/refusal.ts'

/** Groups as their coordinators know them. */
export function liveGroups(cluster: Cluster): GroupsView {
  return {
    list: () => allGroups(cluster),
    describe: (groups) => ofEach(cluster, groups, describeKept),
    positions: (groups) => ofEach(cluster, groups, positionsOfOwn),
  }
}

async function describeKept(
  cluster: Cluster,
  connection: Connection,
  groups: readonly string[],
  coordinator: number,
): Promise<Map<string, Group | Refusal>> {
  const told = await describeOwn(cluster, connection, groups)
  return new Map(
    [...told].map(([name, group]) => [name, group instanceof Refusal ? group : { ...group, coordinator }]),
  )
}

type AskOwn<T> = (
  cluster: Cluster,
  connection: Connection,
  groups: readonly string[],
  coordinator: number,
) => Promise<ReadonlyMap<string, T | Refusal>>

async function ofEach<T>(cluster: Cluster, groups: readonly string[], ask: AskOwn<T>): Promise<Outcome<T>[]> {
  if (groups.length === 0) return []
  const told = await askCoordinators<T>(cluster, coordinated.group, groups, (connection, own, id) =>
    ask(cluster, connection, own, id),
  )
  const outcomes = groups.map((item) => ({ item, outcome: told.get(item) ?? notFound(item, []) }))
  if (!outcomes.some(({ outcome }) => isAbsence(outcome))) return outcomes
  const names = await knownNames(cluster)
  return outcomes.map(({ item, outcome }) => ({
    item,
    outcome: isAbsence(outcome) ? notFound(item, names) : outcome,
  }))
}

function isAbsence(outcome: unknown): boolean {
  return outcome instanceof KtoolError && outcome.code === 'group-id-not-found'
}

/** Only for a hint: whoever cannot be asked has said so elsewhere. */
async function knownNames(cluster: Cluster): Promise<string[]> {
  try {
    const listed = await allGroups(cluster)
    return itemsIn(listed)
  } catch (error) {
    if (error instanceof KtoolError) return []
    throw error
  }
}

function notFound(group: string, names: readonly string[]): KtoolError {
  const near = nearest(group, names)
  return new FailedError('group-not-found', `there is no group "${group}"`, {
    hint:
      near.length === 0
        ? 'ktool groups list names them all; one whose offsets have expired is forgotten'
        : `did you mean ${near.map((name) => `"${name}"`).join(' or ')}? ktool groups list names them all`,
    details: { group },
  })
}
