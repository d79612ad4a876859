import { javaHash } from '../../../../bytes/java-hash.ts'
import { inJavaMapOrder } from '../../../java-map-order.ts'
import type { Assignor, AssignorQuestion, MemberSpec } from '../assignors/assignor.ts'
import { type Assignment, noAssignment, sameAssignment } from './assignment.ts'

export interface TargetQuestion extends Omit<AssignorQuestion, 'members'> {
  readonly assignor: Assignor
  readonly members: ReadonlyMap<string, MemberSpec>
  /** So far; of whom it does not know, the target is written even where it is empty. */
  readonly target: ReadonlyMap<string, Assignment>
}

export interface NewTarget {
  readonly of: ReadonlyMap<string, Assignment>
  /** Whose target is another now, in the order in which Kafka writes them. */
  readonly changed: readonly (readonly [string, Assignment])[]
}

export function newTarget({ assignor, members, target, ...question }: TargetQuestion): NewTarget {
  const ids = inJavaMapOrder([...members.keys()], javaHash)
  const sorted = new Map(ids.map((id) => [id, members.get(id) as MemberSpec]))
  const assigned = assignor({ ...question, members: sorted })
  const of = new Map(ids.map((id) => [id, assigned.get(id) ?? noAssignment]))
  const changed = [...of].filter(([id, assignment]) => {
    const before = target.get(id)
    return before === undefined || !sameAssignment(before, assignment)
  })
  return { of, changed }
}
