export type Row = Record<string, unknown>

/** What `ClusterStateWorkload` was told of a group, in the words that ktool prints. */
export interface GroupAnswer extends Row {
  readonly group: string
  readonly offsets?: readonly Row[]
  readonly members?: readonly (Row & { readonly assignment: string[]; readonly target: string[] | null })[]
  readonly startOffsets?: Readonly<Record<string, number | null>>
}

/** A Kafka for it. */
export const workloadProperties = {
  'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'super.users': 'User:ANONYMOUS',
  'share.coordinator.state.topic.num.partitions': 3,
  'share.coordinator.state.topic.replication.factor': 1,
  'share.coordinator.state.topic.min.isr': 1,
  // Members that hear soon what they are to have.
  'group.consumer.min.heartbeat.interval.ms': 300,
  'group.consumer.heartbeat.interval.ms': 300,
  'group.share.min.heartbeat.interval.ms': 300,
  'group.share.heartbeat.interval.ms': 300,
}

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
