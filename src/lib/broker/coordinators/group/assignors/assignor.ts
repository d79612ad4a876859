import type { Assignment } from '../modern/assignment.ts'

/** What an assignor is asked. */
export interface AssignorQuestion {
  /** In the order of Kafka's maps, which settles what is equally good. */
  readonly members: ReadonlyMap<string, MemberSpec>
  /** All members subscribe to the same topics. */
  readonly isHomogeneous: boolean
  /** −1 of a topic that is not there. */
  partitionCount(topicId: string): number
  /** Somebody has it in the target so far. */
  isAssigned(topicId: string, partition: number): boolean
  /** Not all partitions of a topic may be assigned, in share groups. */
  isAssignable?(topicId: string, partition: number): boolean
}

export interface MemberSpec {
  readonly instanceId: string | null
  readonly rackId: string | null
  readonly topicIds: ReadonlySet<string>
  /** Its target so far. */
  readonly assigned: Assignment
}

/** Whom it leaves out gets nothing. */
export type Assignor = (question: AssignorQuestion) => Map<string, Assignment>
