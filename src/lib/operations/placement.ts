import { FailedError, type KtoolError } from '../errors.ts'
import type { LedPartition } from '../model/leaders.ts'
import type { Outcome } from '../model/outcome.ts'
import { byPartition, partitionName } from '../model/partitions.ts'
import type { PlacementBroker } from '../model/reassignments.ts'
import { balanceReplicas } from './placement-balance.ts'
import { addedBy, type Draft, type Placed, removedBy } from './placement-draft.ts'
import { balancePreferred } from './placement-leaders.ts'
import { leastOf, PlacementLoads, Racks } from './placement-loads.ts'

/** What shall be otherwise. Whatever it does not ask for stays where it is. */
export interface PlacementGoal {
  /** No replica shall stay on these. */
  readonly drained: readonly number[]
  /** No replica shall be elsewhere, whether those brokers live or not; null lets them be anywhere. */
  readonly allowed: readonly number[] | null
  /** They take their fair share of the replicas that are there; `every` evens out all brokers. */
  readonly filled: readonly number[] | 'every' | null
  readonly replicationFactor: number | null
  /** Preferred leaders are evened out among all that may move, not only among those that move anyway. */
  readonly evensLeaders: boolean
}

export interface PlacementTask {
  /** All that live. */
  readonly brokers: readonly PlacementBroker[]
  /** Every partition of the cluster: those that may not move count as a load. */
  readonly partitions: readonly LedPartition[]
  readonly mayMove: (partition: LedPartition) => boolean
  readonly goal: PlacementGoal
}

export interface Placement {
  /** Those alone that change. */
  readonly changed: readonly Placed[]
  readonly failures: readonly Outcome<KtoolError>[]
  /** Live brokers without a rack beside others that have one: racks were left out of account. */
  readonly rackless: readonly number[]
}

/**
 * Where replicas shall be: with as few of them moved as the goal allows, spread over racks as far as those that stay
 * allow it, and the same for the same cluster every time.
 */
export function place({ brokers, partitions, mayMove, goal }: PlacementTask): Placement {
  const eligible = brokers.map(({ id }) => id).filter((id) => mayStay(id, goal))
  const racks = new Racks(brokers)
  const loads = new PlacementLoads()
  const drafts = [...partitions]
    .sort(byPartition)
    .map((partition) => ({ partition, target: partition.replicas }))
  for (const { partition, target } of drafts) for (const id of target) loads.add(partition.topic, id, 1)
  const movable = drafts.filter(({ partition }) => mayMove(partition))
  const failures: Outcome<KtoolError>[] = []
  const placed = movable.filter((draft) => {
    const error = settle(draft, { eligible: eligible.sort((a, b) => a - b), racks, loads, goal })
    if (error !== undefined) failures.push({ item: partitionName(draft.partition), outcome: error })
    return error === undefined
  })
  const { filled } = goal
  if (filled !== null) {
    balanceReplicas({
      drafts: placed,
      eligible,
      destinations: filled === 'every' ? eligible : filled,
      racks,
      loads,
    })
  }
  const may = new Set(placed.filter((draft) => goal.evensLeaders || hasMoved(draft)))
  balancePreferred(drafts, may, eligible)
  return { changed: placed.filter(hasChanged), failures, rackless: racks.rackless }
}

interface Room {
  readonly eligible: readonly number[]
  readonly racks: Racks
  readonly loads: PlacementLoads
  readonly goal: PlacementGoal
}

function mayStay(id: number, { drained, allowed }: PlacementGoal): boolean {
  return !drained.includes(id) && (allowed === null || allowed.includes(id))
}

/** Takes away what may not stay, and puts others where they stood. */
function settle(draft: Draft, room: Room): KtoolError | undefined {
  const { partition, target } = draft
  const { eligible, loads, goal } = room
  const wanted = goal.replicationFactor ?? target.length
  const slots = target.map((id) => (mayStay(id, goal) ? id : null))
  const staying = slots.filter((id) => id !== null)
  const isAsked = staying.length < target.length || wanted !== target.length
  if (!isAsked) return undefined
  if (wanted > staying.length && wanted > new Set([...eligible, ...staying]).size)
    return tooFew(wanted, eligible)
  for (const id of target) loads.add(partition.topic, id, -1)
  for (const id of staying) loads.add(partition.topic, id, 1)
  draft.target =
    wanted < staying.length ? shrunk(partition, staying, wanted, room) : grown(partition, slots, wanted, room)
  return undefined
}

/** New replicas stand where those stood that go, so that the preferred leader changes only if it goes itself. */
function grown(
  { topic }: LedPartition,
  slots: readonly (number | null)[],
  wanted: number,
  { eligible, racks, loads }: Room,
): number[] {
  const result = [...slots, ...Array.from({ length: Math.max(0, wanted - slots.length) }, () => null)]
  const present = () => result.filter((id) => id !== null)
  for (const [i, id] of result.entries()) {
    if (id !== null || present().length >= wanted) continue
    const taken = present()
    const free = eligible.filter((each) => !taken.includes(each))
    const next = leastOf(free, (each) => [
      racks.neighbours(each, taken),
      loads.total(each),
      loads.ofTopic(topic, each),
      each,
    ])
    if (next === undefined) break
    result[i] = next
    loads.add(topic, next, 1)
  }
  return present()
}

/** The leader stays, and the first replica; those go that share a rack, are out of sync, or burden a full broker. */
function shrunk(
  { topic, leader, isr }: LedPartition,
  staying: readonly number[],
  wanted: number,
  { racks, loads }: Room,
): number[] {
  const result = [...staying]
  while (result.length > wanted) {
    const goes = leastOf(result, (id) => [
      id === leader ? 1 : 0,
      id === result[0] ? 1 : 0,
      isr.includes(id) ? 1 : 0,
      -racks.neighbours(id, result),
      -loads.total(id),
      -result.indexOf(id),
    ])
    if (goes === undefined) break
    result.splice(result.indexOf(goes), 1)
    loads.add(topic, goes, -1)
  }
  return result
}

function hasMoved(draft: Draft): boolean {
  return addedBy(draft).length > 0 || removedBy(draft).length > 0
}

function hasChanged({ partition, target }: Draft): boolean {
  return target.length !== partition.replicas.length || target.some((id, i) => id !== partition.replicas[i])
}

function tooFew(wanted: number, eligible: readonly number[]): FailedError {
  const there = eligible.length === 0 ? 'none may take any' : `only ${eligible.join(', ')} may take them`
  const need = wanted === 1 ? '1 replica needs a broker' : `${wanted} replicas need ${wanted} brokers`
  return new FailedError('too-few-brokers', `${need}, and ${there}`, {
    hint: 'ask for fewer replicas with --replication-factor, or leave more brokers',
    details: { wanted, brokers: eligible },
  })
}
