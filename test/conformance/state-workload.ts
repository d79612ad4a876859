export type Row = Record<string, unknown>

/** What both sides say of members. */
export function membersOf(members: readonly Row[]): Row[] {
  const rows = members.map(({ memberId, instanceId, clientId, host, rackId, epoch, assignment, target }) => ({
    ...{ memberId, instanceId, clientId, host, rackId, epoch },
    assignment: oneByOne(assignment as string[]),
    target: target === null ? null : oneByOne(target as string[]),
  }))
  return byId(rows)
}

export function byId<T extends Row>(members: readonly T[]): T[] {
  return [...members].sort((a, b) => (String(a.memberId) < String(b.memberId) ? -1 : 1))
}

/** `orders:0,2-3` → `orders-0`, `orders-2`, `orders-3` */
export function oneByOne(assignment: readonly string[]): string[] {
  return assignment.flatMap((text) => {
    const [topic, partitions = ''] = text.split(':')
    return partitions.split(',').flatMap((part) => {
      const [first = 0, last = first] = part.split('-').map(Number)
      return Array.from({ length: last - first + 1 }, (_, i) => `${topic}-${first + i}`)
    })
  })
}
