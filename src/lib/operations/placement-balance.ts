import type { Draft } from './placement-draft.ts'
import { leastOf, type PlacementLoads, type Racks } from './placement-loads.ts'

interface Balance {
  /** Those that may move. */
  readonly drafts: readonly Draft[]
  readonly eligible: readonly number[]
  /** Replicas are moved to these alone. */
  readonly destinations: readonly number[]
  readonly racks: Racks
  readonly loads: PlacementLoads
}

/**
 * Moves replicas, one by one, from the fullest brokers to the emptiest destinations, until that would even out nothing
 * more. No destination takes more than its fair share, and no partition shares more racks than it did.
 */
export function balanceReplicas(balance: Balance): void {
  const { drafts, eligible, loads } = balance
  const fairShare = Math.ceil(eligible.reduce((sum, id) => sum + loads.total(id), 0) / eligible.length)
  const held = heldBy(drafts)
  const destinations = [...balance.destinations].sort((a, b) => a - b)
  while (moveOne(balance, destinations, fairShare, held)) {
    // Each move makes the sum of squares of the loads smaller: it ends.
  }
}

type Held = Map<number, Set<Draft>>

function heldBy(drafts: readonly Draft[]): Held {
  const held: Held = new Map()
  for (const draft of drafts) {
    for (const id of draft.target) {
      const own = held.get(id) ?? new Set()
      held.set(id, own.add(draft))
    }
  }
  return held
}

function moveOne(balance: Balance, destinations: number[], fairShare: number, held: Held): boolean {
  const { eligible, loads } = balance
  const emptiest = destinations.sort((a, b) => loads.total(a) - loads.total(b) || a - b)
  const fullest = [...eligible].sort((a, b) => loads.total(b) - loads.total(a) || a - b)
  for (const to of emptiest) {
    if (loads.total(to) >= fairShare) continue
    for (const from of fullest) {
      if (loads.total(from) - loads.total(to) <= 1) break
      const draft = candidate(balance, held.get(from) ?? [], from, to)
      if (draft === undefined) continue
      move(draft, from, to, balance.loads, held)
      return true
    }
  }
  return false
}

/** Of the partitions of a full broker, the one that it does most good and least harm to move. */
function candidate(
  { racks, loads }: Balance,
  drafts: Iterable<Draft>,
  from: number,
  to: number,
): Draft | undefined {
  const fitting = [...drafts].filter(({ target }) => {
    if (target.includes(to)) return false
    const rest = target.filter((id) => id !== from)
    return racks.neighbours(to, rest) <= racks.neighbours(from, rest)
  })
  return leastOf(fitting, ({ partition, target }) => {
    const rest = target.filter((id) => id !== from)
    return [
      racks.neighbours(to, rest) - racks.neighbours(from, rest),
      // What another goal has moved already is moved elsewhere at no cost.
      partition.replicas.includes(from) ? 1 : 0,
      loads.ofTopic(partition.topic, to) - loads.ofTopic(partition.topic, from),
      partition.leader === from || target[0] === from ? 1 : 0,
    ]
  })
}

function move(draft: Draft, from: number, to: number, loads: PlacementLoads, held: Held): void {
  const { topic } = draft.partition
  draft.target = draft.target.map((id) => (id === from ? to : id))
  held.get(from)?.delete(draft)
  held.set(to, (held.get(to) ?? new Set()).add(draft))
  loads.add(topic, from, -1)
  loads.add(topic, to, 1)
}
