import { type Assignment, compareUuids } from '../modern/assignment.ts'
import type { Assignor, AssignorQuestion, MemberSpec } from './assignor.ts'
import { MemberBalancer } from './member-balancer.ts'
import { TargetDraft } from './target-draft.ts'

/** Members subscribe to different topics. */
export const uniformHeterogeneous: Assignor = (question) => new Heterogeneous(question).run()

const MOST_ROUNDS = 16
const NOBODY = -1

class Heterogeneous {
  readonly #members: readonly (readonly [string, MemberSpec])[]
  readonly #partitionCount: AssignorQuestion['partitionCount']
  /** Numbers of members, by topic. */
  readonly #subscribers = new Map<string, number[]>()
  /** How much each member has. */
  readonly #loads: number[]
  /** By topic, the number of each partition's member. */
  readonly #owners = new Map<string, number[]>()
  readonly #target: TargetDraft

  constructor({ members, partitionCount }: AssignorQuestion) {
    this.#members = [...members]
    this.#partitionCount = partitionCount
    this.#loads = this.#members.map(() => 0)
    this.#target = new TargetDraft(this.#members.map(([memberId, { assigned }]) => [memberId, assigned]))
    for (const [number, [, { topicIds }]] of this.#members.entries()) {
      for (const topicId of topicIds) {
        this.#subscribers.set(topicId, [...(this.#subscribers.get(topicId) ?? []), number])
      }
    }
    for (const topicId of this.#subscribers.keys()) {
      this.#owners.set(topicId, new Array<number>(partitionCount(topicId)).fill(NOBODY))
    }
  }

  run(): Map<string, Assignment> {
    if (this.#subscribers.size === 0) return new Map()
    this.#keepWhatIsWanted()
    this.#assignTheRest()
    this.#balance()
    return this.#target.result()
  }

  #keepWhatIsWanted(): void {
    for (const [number, [memberId, { assigned, topicIds }]] of this.#members.entries()) {
      for (const [topicId, partitions] of assigned) {
        if (!topicIds.has(topicId)) {
          this.#target.removeTopic(memberId, topicId)
          continue
        }
        this.#loads[number] = (this.#loads[number] ?? 0) + partitions.size
        for (const partition of partitions) this.#ownersOf(topicId)[partition] = number
      }
    }
  }

  #assignTheRest(): void {
    const free = new Map<string, number[]>()
    for (const [topicId, owners] of this.#owners) {
      const partitions = owners.flatMap((owner, partition) => (owner === NOBODY ? [partition] : []))
      if (partitions.length > 0) free.set(topicId, partitions)
    }
    const balancer = new MemberBalancer(this.#loads)
    for (const topicId of this.#sorted([...free.keys()])) {
      balancer.begin(this.#subscribersOf(topicId))
      for (const partition of free.get(topicId) ?? []) this.#give(topicId, partition, balancer.leastLoaded())
    }
  }

  /** Round after round, until it has come to the last topic of which something moved. */
  #balance(): void {
    const shared = [...this.#subscribers.keys()].filter((topicId) => this.#subscribersOf(topicId).length > 1)
    const topicIds = this.#sorted(shared)
    const balancer = new MemberBalancer(this.#loads)
    let lastMoved = -1
    for (let round = 0; round < MOST_ROUNDS; round++) {
      for (const [i, topicId] of topicIds.entries()) {
        if (i === lastMoved) return
        if (this.#balanceTopic(topicId, balancer) || lastMoved === -1) lastMoved = i
      }
    }
  }

  #balanceTopic(topicId: string, balancer: MemberBalancer): boolean {
    if (balancer.begin(this.#subscribersOf(topicId)) <= 1) return false
    const owned = this.#ownedBy(topicId)
    let hasMoved = false
    while (!balancer.isBalanced()) {
      let giver = balancer.mostLoaded()
      while (giver !== NOBODY && (owned.get(giver)?.length ?? 0) === 0) {
        balancer.excludeMostLoaded()
        giver = balancer.mostLoaded()
      }
      const partition = owned.get(giver)?.pop()
      if (partition === undefined) break
      const taker = balancer.leastLoaded()
      if (balancer.isBalanced()) break
      this.#give(topicId, partition, taker)
      hasMoved = true
    }
    return hasMoved
  }

  /** Ascending partitions, by member. */
  #ownedBy(topicId: string): Map<number, number[]> {
    const owned = new Map<number, number[]>()
    for (const [partition, owner] of this.#ownersOf(topicId).entries()) {
      const partitions = owned.get(owner)
      if (partitions === undefined) owned.set(owner, [partition])
      else partitions.push(partition)
    }
    return owned
  }

  #give(topicId: string, partition: number, taker: number): void {
    const owners = this.#ownersOf(topicId)
    const before = owners[partition] ?? NOBODY
    if (before !== NOBODY) {
      this.#target.remove(this.#idOf(before), topicId, partition)
      this.#loads[before] = (this.#loads[before] ?? 0) - 1
    }
    this.#target.add(this.#idOf(taker), topicId, partition)
    this.#loads[taker] = (this.#loads[taker] ?? 0) + 1
    owners[partition] = taker
  }

  /** Those with the most partitions for each subscriber come first. */
  #sorted(topicIds: readonly string[]): string[] {
    const subscribers = (topicId: string) => this.#subscribersOf(topicId).length
    const each = (topicId: string) => this.#partitionCount(topicId) / subscribers(topicId)
    return topicIds.toSorted(
      (a, b) => each(b) - each(a) || subscribers(a) - subscribers(b) || compareUuids(a, b),
    )
  }

  #subscribersOf(topicId: string): readonly number[] {
    return this.#subscribers.get(topicId) ?? []
  }

  #ownersOf(topicId: string): number[] {
    return this.#owners.get(topicId) ?? []
  }

  #idOf(number: number): string {
    return this.#members[number]?.[0] ?? ''
  }
}
