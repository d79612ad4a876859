import { KtoolError } from '../errors.ts'
import type { GroupListing, GroupPositions, GroupsView } from '../model/groups.ts'
import { failuresIn, type ItemFailure } from '../model/outcome.ts'
import { partitionsOf } from './lag-rows.ts'

export interface GroupFilter {
  readonly states?: readonly string[] | undefined
  readonly types?: readonly string[] | undefined
  /** Groups that have a commit or a member for one of them. */
  readonly topics?: readonly string[] | undefined
}

export interface Listed {
  readonly rows: readonly GroupListing[]
  readonly failures: readonly ItemFailure[]
}

export async function listGroups(view: GroupsView, filter: GroupFilter): Promise<Listed> {
  const listed = await view.list()
  const failures = failuresIn(listed)
  const rows = listed
    .flatMap(({ outcome }) => (outcome instanceof KtoolError ? [] : [outcome]))
    .filter(({ state, type }) => isOneOf(state, filter.states) && isOneOf(type, filter.types))
  if (filter.topics === undefined) return { rows, failures }
  const positions = await view.positions(rows.map(({ group }) => group))
  const reading = new Set<string>()
  for (const { item, outcome } of positions) {
    if (outcome instanceof KtoolError) failures.push({ item, error: outcome })
    else if (readsOne(outcome, filter.topics)) reading.add(item)
  }
  return { rows: rows.filter(({ group }) => reading.has(group)), failures }
}

function isOneOf(name: string, wanted: readonly string[] | undefined): boolean {
  return wanted === undefined || wanted.some((each) => each.toLowerCase() === name.toLowerCase())
}

function readsOne(positions: GroupPositions, topics: readonly string[]): boolean {
  return partitionsOf(positions).some(({ topic }) => topics.includes(topic))
}
