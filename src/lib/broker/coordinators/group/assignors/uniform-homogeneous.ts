import { inJavaMapOrder } from '../../../java-map-order.ts'
import { type Assignment, inKafkasOrder, uuidHash } from '../modern/assignment.ts'
import type { Assignor, AssignorQuestion, MemberSpec } from './assignor.ts'
import { TargetDraft } from './target-draft.ts'

/** All members subscribe to the same topics. */
export const uniformHomogeneous: Assignor = (question) => {
  const [first] = question.members.values()
  if (first === undefined || first.topicIds.size === 0) return new Map()
  return new Homogeneous(question, first.topicIds).run()
}

interface TopicPartition {
  readonly topicId: string
  readonly partition: number
}

class Homogeneous {
  readonly #members: ReadonlyMap<string, MemberSpec>
  readonly #topicIds: ReadonlySet<string>
  readonly #unassigned: TopicPartition[] = []
  readonly #unfilled: { readonly memberId: string; readonly quota: number }[] = []
  readonly #target = new TargetDraft()
  readonly #leastEach: number
  /** So many members get one more than the least. */
  #extras: number

  constructor({ members, partitionCount, isAssigned }: AssignorQuestion, topicIds: ReadonlySet<string>) {
    this.#members = members
    this.#topicIds = topicIds
    let total = 0
    for (const topicId of inJavaMapOrder([...topicIds], uuidHash, bucketsOfCopy(topicIds.size))) {
      const count = partitionCount(topicId)
      for (let partition = 0; partition < count; partition++) {
        if (!isAssigned(topicId, partition)) this.#unassigned.push({ topicId, partition })
      }
      total += count
    }
    this.#leastEach = Math.floor(total / members.size)
    this.#extras = total % members.size
  }

  run(): Map<string, Assignment> {
    let left = this.#members.size
    for (const [memberId, { assigned }] of this.#members) this.#keep(memberId, assigned, left--)
    let next = 0
    for (const { memberId, quota } of this.#unfilled) {
      for (const { topicId, partition } of this.#unassigned.slice(next, next + quota)) {
        this.#target.add(memberId, topicId, partition)
      }
      next += quota
    }
    return this.#target.result()
  }

  /** What it had, up to its share of all. */
  #keep(memberId: string, before: Assignment, membersLeft: number): void {
    this.#target.set(memberId, before)
    let mayHaveExtra = this.#extras > 0
    let quota = this.#leastEach + (mayHaveExtra ? 1 : 0)
    for (const topicId of inJavaMapOrder([...before.keys()], uuidHash)) {
      const partitions = before.get(topicId) ?? new Set()
      if (!this.#topicIds.has(topicId)) this.#target.removeTopic(memberId, topicId)
      else quota = this.#keepOf(memberId, { topicId, partitions }, quota)
    }
    if (quota > 0 && mayHaveExtra && membersLeft > this.#extras) {
      quota--
      mayHaveExtra = false
    }
    if (quota > 0) this.#unfilled.push({ memberId, quota })
    if (mayHaveExtra) this.#extras--
  }

  /** What is left of the quota. */
  #keepOf(
    memberId: string,
    topic: { topicId: string; partitions: ReadonlySet<number> },
    quota: number,
  ): number {
    const { topicId, partitions } = topic
    if (partitions.size <= quota) return quota - partitions.size
    for (const partition of inKafkasOrder(partitions).slice(quota)) {
      this.#target.remove(memberId, topicId, partition)
      this.#unassigned.push({ topicId, partition })
    }
    return 0
  }
}

/** A Java set that is made from another has room for it from the start. */
function bucketsOfCopy(size: number): number {
  const wanted = Math.max(Math.floor(size / 0.75) + 1, 16)
  return 2 ** Math.ceil(Math.log2(wanted))
}
