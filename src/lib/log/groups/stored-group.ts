import type { Int64 } from '../../bytes/int64.ts'
import type { groupMetadata } from '../../protocol/records/classic-group-records.ts'
import type {
  consumerGroupCurrentMemberAssignment,
  consumerGroupMemberMetadata,
  consumerGroupMetadata,
  consumerGroupTargetAssignmentMember,
} from '../../protocol/records/consumer-group-records.ts'
import type {
  shareGroupCurrentMemberAssignment,
  shareGroupMemberMetadata,
  shareGroupMetadata,
  shareGroupStatePartitionMetadata,
  shareGroupTargetAssignmentMember,
} from '../../protocol/records/share-group-records.ts'
import type {
  streamsGroupCurrentMemberAssignment,
  streamsGroupMemberMetadata,
  streamsGroupMetadata,
  streamsGroupTargetAssignmentMember,
  streamsGroupTopology,
} from '../../protocol/records/streams-group-records.ts'

/** All that the log of group coordinators says of one group, as it was last written. */
export interface StoredGroup {
  readonly group: string
  /** By topic and partition: see `commitKey`. */
  readonly commits: Map<string, StoredCommit>
  /** What open transactions are about to commit. */
  readonly pending: Map<string, StoredCommit>
  classic: ValueOf<typeof groupMetadata> | null
  readonly consumer: AssignedGroup<
    ValueOf<typeof consumerGroupMetadata>,
    ValueOf<typeof consumerGroupMemberMetadata>,
    ValueOf<typeof consumerGroupTargetAssignmentMember>,
    ValueOf<typeof consumerGroupCurrentMemberAssignment>
  >
  readonly share: AssignedGroup<
    ValueOf<typeof shareGroupMetadata>,
    ValueOf<typeof shareGroupMemberMetadata>,
    ValueOf<typeof shareGroupTargetAssignmentMember>,
    ValueOf<typeof shareGroupCurrentMemberAssignment>
  >
  sharePartitions: ValueOf<typeof shareGroupStatePartitionMetadata> | null
  readonly streams: AssignedGroup<
    ValueOf<typeof streamsGroupMetadata>,
    ValueOf<typeof streamsGroupMemberMetadata>,
    ValueOf<typeof streamsGroupTargetAssignmentMember>,
    ValueOf<typeof streamsGroupCurrentMemberAssignment>
  >
  topology: ValueOf<typeof streamsGroupTopology> | null
}

/** A group whose members the broker assigns: KIP-848 and those after its pattern. Members by id. */
export interface AssignedGroup<Metadata, Member, Target, Current> {
  metadata: Metadata | null
  targetEpoch: number | null
  readonly members: Map<string, Member>
  readonly targets: Map<string, Target>
  readonly current: Map<string, Current>
}

export interface StoredCommit {
  readonly topic: string
  readonly partition: number
  readonly offset: Int64
  readonly leaderEpoch: number
  readonly metadata: string
  readonly commitTimestampMs: Int64
}

/** What the value of a kind of record decodes to. */
export type ValueOf<Record> = Record extends {
  value: { decodeFramed(bytes: Buffer): { value: infer Value } }
}
  ? Value
  : never

export function newGroup(group: string): StoredGroup {
  return {
    group,
    commits: new Map(),
    pending: new Map(),
    classic: null,
    consumer: newAssignedGroup(),
    share: newAssignedGroup(),
    sharePartitions: null,
    streams: newAssignedGroup(),
    topology: null,
  }
}

function newAssignedGroup<M, N, T, C>(): AssignedGroup<M, N, T, C> {
  return { metadata: null, targetEpoch: null, members: new Map(), targets: new Map(), current: new Map() }
}

/** No topic's name holds a space. */
export function commitKey(topic: string, partition: number): string {
  return `${topic} ${partition}`
}
