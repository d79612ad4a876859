import type { OtherGroupRecord, OtherGroupType } from './group-record.ts'

interface OtherGroup {
  readonly type: OtherGroupType
  hasMetadata: boolean
  readonly members: Set<string>
}

/** Groups of types that this broker does not serve: their records stay, and their names are taken. */
export class OtherGroups {
  readonly #groups = new Map<string, OtherGroup>()

  typeOf(group: string): OtherGroupType | undefined {
    return this.#groups.get(group)?.type
  }

  hasMembers(group: string): boolean {
    return (this.#groups.get(group)?.members.size ?? 0) > 0
  }

  *all(): Generator<{ readonly group: string; readonly type: OtherGroupType }> {
    for (const [group, { type }] of this.#groups) yield { group, type }
  }

  replay({ group, type, memberId, isTombstone }: OtherGroupRecord): void {
    const known = this.#groups.get(group)
    const other = known?.type === type ? known : { type, hasMetadata: false, members: new Set<string>() }
    if (memberId === null) other.hasMetadata = !isTombstone
    else if (isTombstone) other.members.delete(memberId)
    else other.members.add(memberId)
    if (other.hasMetadata || other.members.size > 0) this.#groups.set(group, other)
    else if (known === other) this.#groups.delete(group)
  }
}
