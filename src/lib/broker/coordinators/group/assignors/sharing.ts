import { JavaHashMap, javaIntegerMap } from '../../../java-hash-map.ts'
import { type Assignment, inKafkasOrder } from '../modern/assignment.ts'

export interface SharedPartition {
  readonly topicId: string
  readonly partition: number
}

interface SharingFacts {
  /** Who wants the partitions, by their numbers, in order. */
  readonly members: readonly number[]
  readonly memberCount: number
  readonly targets: readonly SharedPartition[]
  /** By the number of the member. */
  readonly old: readonly Assignment[]
  /** As Java's maps have the partitions. */
  readonly hashOf: (partition: SharedPartition) => number
}

type Members = JavaHashMap<number, true>
type PartitionSet = JavaHashMap<SharedPartition, true>

/** Which partitions go to whom, where several members may have the same. */
export class Sharing {
  readonly #facts: SharingFacts
  readonly #byPartition: JavaHashMap<SharedPartition, Members>
  readonly #byMember: JavaHashMap<number, PartitionSet>
  /** How many members a partition has, and how many partitions each member. */
  readonly #membersEach: number
  readonly #partitionsEach = new Map<number, number>()
  readonly #changed = new Map<number, Map<string, Set<number>>>()

  constructor(facts: SharingFacts) {
    const { members, targets, hashOf } = facts
    this.#facts = facts
    this.#byPartition = new JavaHashMap(nameOf, hashOf, targets.length)
    this.#byMember = javaIntegerMap(members.length)
    this.#membersEach = targets.length === 0 ? 0 : Math.ceil(members.length / targets.length)
    const exactly = (this.#membersEach * targets.length) / members.length
    members.forEach((member, i) => {
      this.#partitionsEach.set(member, Math.ceil(exactly * (i + 1)) - Math.ceil(exactly * i))
    })
  }

  /** What the member has of a topic counts. */
  keep(member: number, topicId: string): void {
    for (const partition of inKafkasOrder(this.#facts.old[member]?.get(topicId) ?? [])) {
      const shared = { topicId, partition }
      this.#byPartition.getOrMake(shared, () => javaIntegerMap()).set(member, true)
      this.#partitionsOf(member).set(shared, true)
    }
  }

  /** Nobody wants the topic any more. */
  drop(member: number, topicId: string): void {
    this.#draftOf(member).delete(topicId)
  }

  unfilled(): Set<number> {
    const { members } = this.#facts
    return new Set(members.filter((member) => this.#countOf(member) < this.#wantedBy(member)))
  }

  revokeFromOverfilled(): void {
    for (const [member, partitions] of this.#byMember.entries()) {
      for (const shared of partitions.keys()) {
        if (partitions.size <= this.#wantedBy(member)) break
        this.#draftOf(member).get(shared.topicId)?.delete(shared.partition)
        this.#byPartition.get(shared)?.delete(member)
        partitions.delete(shared)
      }
    }
  }

  /** Returns from whom. */
  revokeOvershared(): number[] {
    const from: number[] = []
    for (const [shared, members] of this.#byPartition.entries()) {
      for (const member of members.keys()) {
        if (members.size <= this.#membersEach) break
        if (this.#draftOf(member).get(shared.topicId)?.delete(shared.partition) !== true) continue
        members.delete(member)
        this.#partitionsOf(member).delete(shared)
        from.push(member)
      }
    }
    return from
  }

  /** In turns, from one partition to the next. */
  assignRest(unfilled: ReadonlySet<number>): void {
    for (const shared of this.#facts.targets) this.#byPartition.getOrMake(shared, () => javaIntegerMap())
    const waiting = [...unfilled].sort((a, b) => a - b)
    let at = 0
    let hasAssigned = false
    for (const [shared, members] of this.#byPartition.entries()) {
      if (waiting.length === 0) return
      for (let missing = this.#membersEach - members.size; missing > 0; ) {
        if (at >= waiting.length) {
          if (!hasAssigned) break
          at = 0
          hasAssigned = false
          if (waiting.length === 0) break
        }
        const member = waiting[at] as number
        at++
        if (members.has(member)) continue
        this.#give(member, shared)
        missing--
        hasAssigned = true
        if (this.#countOf(member) >= this.#wantedBy(member)) waiting.splice(--at, 1)
      }
    }
  }

  result(): Assignment[] {
    return Array.from({ length: this.#facts.memberCount }, (_, member) => {
      return this.#changed.get(member) ?? this.#facts.old[member] ?? new Map()
    })
  }

  /** Kafka does not count those whom it gives a partition last among the members of the partition. */
  #give(member: number, shared: SharedPartition): void {
    const draft = this.#draftOf(member)
    const partitions = draft.get(shared.topicId) ?? new Set<number>()
    draft.set(shared.topicId, partitions.add(shared.partition))
    this.#partitionsOf(member).set(shared, true)
  }

  #countOf(member: number): number {
    return this.#byMember.get(member)?.size ?? 0
  }

  #wantedBy(member: number): number {
    return this.#partitionsEach.get(member) ?? 0
  }

  #partitionsOf(member: number): PartitionSet {
    return this.#byMember.getOrMake(member, () => new JavaHashMap(nameOf, this.#facts.hashOf))
  }

  #draftOf(member: number): Map<string, Set<number>> {
    const known = this.#changed.get(member)
    if (known !== undefined) return known
    const old = this.#facts.old[member] ?? new Map<string, ReadonlySet<number>>()
    const draft = new Map([...old].map(([topicId, partitions]) => [topicId, new Set(partitions)]))
    this.#changed.set(member, draft)
    return draft
  }
}

function nameOf({ topicId, partition }: SharedPartition): string {
  return `${topicId}:${partition}`
}
