import type { Draft } from './placement-draft.ts'

/**
 * Evens out who is first among the replicas, by their order alone: nothing is copied for it. A broker with too many
 * gives one away, if need be over others that pass one on: where no such path is left, no order is more even.
 */
export function balancePreferred(
  drafts: readonly Draft[],
  reorderable: ReadonlySet<Draft>,
  eligible: readonly number[],
): void {
  // One that is dead, or is to be drained, is given nothing to lead, and is not counted.
  const counts = new Map(eligible.map((id) => [id, 0]))
  for (const { target } of drafts) {
    const [first] = target
    const count = first === undefined ? undefined : counts.get(first)
    if (first !== undefined && count !== undefined) counts.set(first, count + 1)
  }
  const ways = waysOf(reorderable)
  for (;;) {
    const path = bestPath(counts, ways)
    if (path === undefined) return
    for (const { draft, to } of path) {
      const [from] = draft.target
      if (from === undefined) return
      forget(ways, draft)
      draft.target = [to, ...draft.target.filter((id) => id !== to)]
      remember(ways, draft)
      counts.set(from, (counts.get(from) ?? 0) - 1)
      counts.set(to, (counts.get(to) ?? 0) + 1)
    }
  }
}

/** From a broker that is first to one that could be: the partitions of which that is so. */
type Ways = Map<number, Map<number, Set<Draft>>>

interface Turn {
  readonly draft: Draft
  readonly to: number
}

function waysOf(drafts: Iterable<Draft>): Ways {
  const ways: Ways = new Map()
  for (const draft of drafts) remember(ways, draft)
  return ways
}

function remember(ways: Ways, draft: Draft): void {
  const [first, ...others] = draft.target
  if (first === undefined) return
  const own = ways.get(first) ?? new Map<number, Set<Draft>>()
  ways.set(first, own)
  for (const id of others) own.set(id, (own.get(id) ?? new Set<Draft>()).add(draft))
}

function forget(ways: Ways, draft: Draft): void {
  const [first, ...others] = draft.target
  if (first === undefined) return
  for (const id of others) ways.get(first)?.get(id)?.delete(draft)
}

/** The shortest way from the broker with most to one with at least two fewer. */
function bestPath(counts: ReadonlyMap<number, number>, ways: Ways): readonly Turn[] | undefined {
  const fullest = [...counts].sort(([a, many], [b, more]) => more - many || a - b)
  for (const [from, count] of fullest) {
    const path = pathFrom(from, count - 2, counts, ways)
    if (path !== undefined) return path
  }
  return undefined
}

function pathFrom(
  from: number,
  atMost: number,
  counts: ReadonlyMap<number, number>,
  ways: Ways,
): readonly Turn[] | undefined {
  const reached = new Map<number, readonly Turn[]>([[from, []]])
  const queue = [from]
  for (const at of queue) {
    const path = reached.get(at) ?? []
    for (const [to, drafts] of [...(ways.get(at) ?? [])].sort(([a], [b]) => a - b)) {
      const [draft] = drafts
      if (draft === undefined || reached.has(to) || !counts.has(to)) continue
      const longer = [...path, { draft, to }]
      if ((counts.get(to) ?? 0) <= atMost) return longer
      reached.set(to, longer)
      queue.push(to)
    }
  }
  return undefined
}
