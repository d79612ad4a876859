import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LedPartition } from '../../../src/lib/model/leaders.ts'
import type { PlacementBroker } from '../../../src/lib/model/reassignments.ts'
import { type Placement, type PlacementGoal, place } from '../../../src/lib/operations/placement.ts'
import { addedBy, removedBy } from '../../../src/lib/operations/placement-draft.ts'
import { seedOfRun } from '../../random.ts'

const seed = seedOfRun()
const nothing: PlacementGoal = {
  drained: [],
  allowed: null,
  filled: null,
  replicationFactor: null,
  evensLeaders: false,
}

interface Situation {
  readonly brokers: readonly PlacementBroker[]
  readonly partitions: readonly LedPartition[]
}

/** Up to nine brokers in up to four racks, and topics whose replicas lie anyhow. */
const situations: fc.Arbitrary<Situation> = fc
  .record({ count: fc.integer({ min: 2, max: 9 }), racks: fc.integer({ min: 0, max: 4 }), from: fc.nat(3) })
  .chain(({ count, racks, from }) => {
    const ids = Array.from({ length: count }, (_, i) => i + from)
    const brokers = ids.map((id) => ({ id, rack: racks === 0 ? null : `r${id % racks}` }))
    const replicas = fc.shuffledSubarray(ids, { minLength: 1, maxLength: Math.min(4, count) })
    const topic = fc.array(replicas, { minLength: 1, maxLength: 8 })
    return fc
      .array(topic, { minLength: 1, maxLength: 5 })
      .map((topics) => ({ brokers, partitions: topics.flatMap(partitionsOf) }))
  })

function partitionsOf(lists: readonly (readonly number[])[], topic: number): LedPartition[] {
  return lists.map((replicas, partition) => ({
    topic: `t${topic}`,
    partition,
    replicas,
    isr: replicas,
    leader: replicas[0] ?? null,
  }))
}

function planOf({ brokers, partitions }: Situation, goal: Partial<PlacementGoal>): Placement {
  return place({ brokers, partitions, mayMove: () => true, goal: { ...nothing, ...goal } })
}

/** Every partition with the replicas that it has in the end. */
function endOf({ partitions }: Situation, { changed }: Placement): (readonly number[])[] {
  const targets = new Map(changed.map(({ partition, target }) => [partition, target]))
  return partitions.map((partition) => targets.get(partition) ?? partition.replicas)
}

function loadOf(lists: readonly (readonly number[])[], broker: number): number {
  return lists.filter((list) => list.includes(broker)).length
}

function rackCount({ brokers }: Situation, replicas: readonly number[]): number {
  return new Set(replicas.map((id) => brokers.find((each) => each.id === id)?.rack)).size
}

function holds<T>(arbitrary: fc.Arbitrary<T>, law: (value: T) => void): void {
  fc.assert(fc.property(arbitrary, law), { seed, numRuns: 100 })
}

const drains = situations.chain((situation) =>
  fc
    .shuffledSubarray(
      situation.brokers.map(({ id }) => id),
      { minLength: 1, maxLength: situation.brokers.length - 1 },
    )
    .map((drained) => ({ situation, drained })),
)

describe(`a placement, seed ${seed}`, () => {
  it('of a cluster of which nothing is asked is empty', () => {
    holds(situations, (situation) => {
      expect(planOf(situation, {})).toEqual({ changed: [], failures: [], rackless: [] })
    })
  })

  it('that drains brokers moves their replicas, and no other', () => {
    holds(drains, ({ situation, drained }) => {
      const plan = planOf(situation, { drained })
      for (const placed of plan.changed) {
        const gone = placed.partition.replicas.filter((id) => drained.includes(id))
        expect(removedBy(placed)).toEqual(gone)
        expect(addedBy(placed)).toHaveLength(gone.length)
        expect(new Set(placed.target).size).toBe(placed.partition.replicas.length)
        expect(placed.target.some((id) => drained.includes(id))).toBe(false)
      }
      const concerned = situation.partitions.filter(({ replicas }) =>
        replicas.some((id) => drained.includes(id)),
      )
      expect(plan.changed.length + plan.failures.length).toBe(concerned.length)
    })
  })

  it('fails for a partition only where there are fewer brokers than replicas', () => {
    holds(drains, ({ situation, drained }) => {
      const left = situation.brokers.length - drained.length
      const { failures } = planOf(situation, { drained })
      const impossible = situation.partitions.filter(
        ({ replicas }) => replicas.length > left && replicas.some((id) => drained.includes(id)),
      )
      expect(failures.map(({ item }) => item).sort()).toEqual(
        impossible.map(({ topic, partition }) => `${topic}:${partition}`).sort(),
      )
    })
  })

  it('puts what is drained into racks that the others leave free, as long as there are any', () => {
    holds(drains, ({ situation, drained }) => {
      const racks = new Set(
        situation.brokers.filter(({ id }) => !drained.includes(id)).map(({ rack }) => rack),
      )
      for (const placed of planOf(situation, { drained }).changed) {
        const staying = placed.partition.replicas.filter((id) => !drained.includes(id))
        const free = racks.size - rackCount(situation, staying)
        const most = rackCount(situation, staying) + Math.min(free, addedBy(placed).length)
        expect(rackCount(situation, placed.target)).toBe(most)
      }
    })
  })

  it('that changes the replication factor adds or takes away that many, and spreads them over racks', () => {
    const factors = fc.tuple(situations, fc.integer({ min: 1, max: 4 }))
    holds(factors, ([situation, replicationFactor]) => {
      const plan = planOf(situation, { replicationFactor })
      if (replicationFactor > situation.brokers.length) return
      expect(plan.failures).toEqual([])
      for (const list of endOf(situation, plan)) {
        expect(list).toHaveLength(replicationFactor)
        expect(new Set(list).size).toBe(replicationFactor)
      }
      for (const placed of plan.changed) {
        const { replicas } = placed.partition
        const difference = replicationFactor - replicas.length
        expect(addedBy(placed)).toHaveLength(Math.max(0, difference))
        expect(removedBy(placed)).toHaveLength(Math.max(0, -difference))
        expect(placed.target).toContain(difference < 0 ? replicas[0] : placed.target[0])
      }
    })
  })

  it('that adds brokers moves to these alone, no more than their fair share, and worsens no racks', () => {
    const additions = situations.chain((situation) => {
      const ids = situation.brokers.map(({ id }) => id)
      const isNew = (id: number) => id >= Math.max(...ids) - 1
      const old = {
        ...situation,
        partitions: situation.partitions.filter(({ replicas }) => !replicas.some(isNew)),
      }
      return fc.constant({ situation: old, filled: ids.filter(isNew) })
    })
    holds(additions, ({ situation, filled }) => {
      const plan = planOf(situation, { filled })
      const end = endOf(situation, plan)
      const all = end.reduce((sum, list) => sum + list.length, 0)
      const fairShare = Math.ceil(all / situation.brokers.length)
      for (const placed of plan.changed) {
        expect(placed.target).toHaveLength(placed.partition.replicas.length)
        expect(addedBy(placed).every((id) => filled.includes(id))).toBe(true)
        expect(rackCount(situation, placed.target)).toBeGreaterThanOrEqual(
          rackCount(situation, placed.partition.replicas),
        )
      }
      for (const id of filled) expect(loadOf(end, id)).toBeLessThanOrEqual(fairShare)
    })
  })

  it('that evens out all brokers leaves them within one replica of each other, where racks allow any move', () => {
    const flat = situations.map((each) => ({
      ...each,
      brokers: each.brokers.map(({ id }) => ({ id, rack: null })),
    }))
    holds(flat, (situation) => {
      const plan = planOf(situation, { filled: 'every' })
      const end = endOf(situation, plan)
      const loads = situation.brokers.map(({ id }) => loadOf(end, id))
      expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(1)
      // As many leave the brokers that have too many as have to, and not one more.
      const before = situation.brokers.map(({ id }) =>
        loadOf(
          situation.partitions.map((p) => p.replicas),
          id,
        ),
      )
      const moved = plan.changed.reduce((sum, placed) => sum + addedBy(placed).length, 0)
      expect(moved).toBe(fewestMoves(before))
    })
  })

  it('that evens out leaders only changes orders, and no order is more even', () => {
    holds(situations, (situation) => {
      const plan = planOf(situation, { evensLeaders: true })
      for (const placed of plan.changed) expect([addedBy(placed), removedBy(placed)]).toEqual([[], []])
      expect(unevenness(endOf(situation, plan))).toBe(leastUnevenness(situation))
    })
  })

  it('changes nothing once it is done', () => {
    const goals = fc.record({
      filled: fc.constantFrom('every' as const, null),
      replicationFactor: fc.constantFrom(null, 1, 2),
      evensLeaders: fc.boolean(),
    })
    holds(fc.tuple(situations, goals), ([situation, goal]) => {
      const plan = planOf(situation, goal)
      const partitions = situation.partitions.map((partition, i) => ({
        ...partition,
        replicas: endOf(situation, plan)[i] ?? [],
        leader: endOf(situation, plan)[i]?.[0] ?? null,
      }))
      expect(planOf({ ...situation, partitions }, goal).changed).toEqual([])
    })
  })

  it('is the same for the same cluster, in whatever order it was told', () => {
    holds(drains, ({ situation, drained }) => {
      const told = {
        brokers: [...situation.brokers].reverse(),
        partitions: [...situation.partitions].reverse(),
      }
      expect(planOf(told, { drained })).toEqual(planOf(situation, { drained }))
    })
  })
})

describe('a placement', () => {
  const brokers = [1, 2, 3, 4].map((id) => ({ id, rack: id < 4 ? `r${id}` : null }))
  const partition = { topic: 'orders', partition: 0, replicas: [1, 2], isr: [1, 2], leader: 1 }

  it('says which brokers have no rack, and leaves racks out of account', () => {
    const plan = planOf({ brokers, partitions: [partition] }, { drained: [1] })
    expect(plan.rackless).toEqual([4])
    expect(plan.changed[0]?.target).toEqual([3, 2])
  })

  it('keeps the leader and takes who is out of sync, when it asks for fewer replicas', () => {
    const wide = { ...partition, replicas: [1, 2, 3], isr: [2, 3], leader: 2 }
    const plan = planOf({ brokers, partitions: [wide] }, { replicationFactor: 1 })
    expect(plan.changed[0]?.target).toEqual([2])
  })

  it('leaves alone what may not move', () => {
    const task = { brokers, partitions: [partition], goal: { ...nothing, drained: [1] } }
    expect(place({ ...task, mayMove: () => false }).changed).toEqual([])
  })

  it('gives nothing to a dead broker, and takes from it what is to be drained', () => {
    const dead = { ...partition, replicas: [9, 1], isr: [1], leader: 1 }
    expect(planOf({ brokers, partitions: [dead] }, { drained: [9] }).changed[0]?.target).toEqual([2, 1])
  })
})

/** Those that have more than the rounded share give away the rest; as many brokers as can keep one more. */
function fewestMoves(loads: readonly number[]): number {
  const sum = loads.reduce((all, each) => all + each, 0)
  const low = Math.floor(sum / loads.length)
  const extra = sum - low * loads.length
  const sorted = [...loads].sort((a, b) => b - a)
  return sorted.reduce((all, load, i) => all + Math.max(0, load - (i < extra ? low + 1 : low)), 0)
}

/** Sum of squares of how many each is first of. */
function unevenness(lists: readonly (readonly number[])[]): number {
  const counts = new Map<number, number>()
  for (const [first] of lists) if (first !== undefined) counts.set(first, (counts.get(first) ?? 0) + 1)
  return [...counts.values()].reduce((sum, count) => sum + count * count, 0)
}

/** By trying: each partition goes in turn to its least loaded replica, and is moved on as long as that helps. */
function leastUnevenness({ partitions, brokers }: Situation): number {
  // As a flow of least cost: one unit from each partition, the k-th unit into a broker costs 2k − 1.
  const owner = new Map<number, number>()
  const load = new Map(brokers.map(({ id }) => [id, 0]))
  for (const [i, { replicas }] of partitions.entries()) {
    const seen = new Map<number, { readonly by: number; readonly before: number | null }>()
    const queue: number[] = []
    for (const id of replicas) {
      seen.set(id, { by: i, before: null })
      queue.push(id)
    }
    for (const at of queue) {
      for (const [held, at2] of owner) {
        if (at2 !== at) continue
        for (const id of partitions[held]?.replicas ?? []) {
          if (seen.has(id)) continue
          seen.set(id, { by: held, before: at })
          queue.push(id)
        }
      }
    }
    const [best] = [...seen.keys()].sort((a, b) => (load.get(a) ?? 0) - (load.get(b) ?? 0))
    let at: number | null = best ?? null
    if (at !== null) load.set(at, (load.get(at) ?? 0) + 1)
    while (at !== null) {
      const step: { readonly by: number; readonly before: number | null } | undefined = seen.get(at)
      if (step === undefined) break
      owner.set(step.by, at)
      at = step.before
    }
  }
  return [...load.values()].reduce((sum, count) => sum + count * count, 0)
}
