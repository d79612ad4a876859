import type { Assignment } from '../modern/assignment.ts'

/** A target that is being worked on: what is not touched stays the same object. */
export class TargetDraft {
  readonly #targets: Map<string, Assignment>
  readonly #own = new Map<string, Map<string, Set<number>>>()

  constructor(targets: Iterable<readonly [string, Assignment]> = []) {
    this.#targets = new Map(targets)
  }

  set(memberId: string, assignment: Assignment): void {
    this.#targets.set(memberId, assignment)
  }

  add(memberId: string, topicId: string, partition: number): void {
    const own = this.#ownOf(memberId)
    const partitions = own.get(topicId)
    if (partitions === undefined) own.set(topicId, new Set([partition]))
    else partitions.add(partition)
  }

  remove(memberId: string, topicId: string, partition: number): void {
    const own = this.#ownOf(memberId)
    own.get(topicId)?.delete(partition)
    if (own.get(topicId)?.size === 0) own.delete(topicId)
  }

  removeTopic(memberId: string, topicId: string): void {
    this.#ownOf(memberId).delete(topicId)
  }

  result(): Map<string, Assignment> {
    return this.#targets
  }

  #ownOf(memberId: string): Map<string, Set<number>> {
    const known = this.#own.get(memberId)
    if (known !== undefined) return known
    const before = this.#targets.get(memberId) ?? new Map<string, ReadonlySet<number>>()
    const own = new Map([...before].map(([topicId, partitions]) => [topicId, new Set(partitions)]))
    this.#own.set(memberId, own)
    this.#targets.set(memberId, own)
    return own
  }
}
