import type { Int64 } from '../../../bytes/int64.ts'
import { DataError } from '../../../errors.ts'
import { LatestValues } from '../../../log/coordinators/latest-values.ts'
import { withoutLegacyType } from '../../../log/groups/read-groups.ts'
import type { Clock } from '../../../ports/clock.ts'
import type { LogSink } from '../../../ports/log-sink.ts'
import type { Random } from '../../../ports/random.ts'
import type { ErrorName } from '../../../protocol/error-codes.ts'
import { parseControlRecordKey } from '../../../records/control-record-type.ts'
import { openRecords } from '../../../records/open-records.ts'
import type { RecordBatch } from '../../../records/record-batch.ts'
import type { RecordCursor } from '../../../records/record-cursor.ts'
import { ApiError } from '../../api-error.ts'
import type { CoordinatorPartition, TransactionalProducer } from '../coordinator-partition.ts'
import { appendError } from './append-error.ts'
import { ClassicGroup } from './classic-group.ts'
import { CommittedOffsets } from './committed-offsets.ts'
import { ConsumerGroup } from './consumer/consumer-group.ts'
import type { ConsumerGroupRecord } from './consumer/consumer-record.ts'
import type { ConsumerSettings } from './consumer/consumer-settings.ts'
import { decodeGroupRecord } from './decode-group-record.ts'
import { encodeGroupRecord } from './encode-group-record.ts'
import type {
  ClassicGroupRecord,
  CommitRecord,
  GroupRecord,
  OtherGroupType,
  WrittenRecord,
} from './group-record.ts'
import type { GroupSettings } from './group-settings.ts'
import type { TopicsView } from './modern/topics-view.ts'
import { OtherGroups } from './other-groups.ts'
import { ShareGroupsOfShard } from './share/share-group.ts'
import { decodeShareGroupRecord, encodeShareGroupRecord } from './share/share-group-codec.ts'
import type { ShareGroupRecord } from './share/share-group-record.ts'

/** Kafka's group coordinator numbers the records of every batch from here, though nobody looks at it. */
const BASE_SEQUENCE = 0

export interface GroupWorld {
  readonly clock: Clock
  readonly random: Random
  readonly log: LogSink
  readonly settings: GroupSettings
  readonly consumer: ConsumerSettings
  readonly topics: TopicsView
}

/** The groups of one partition of `__consumer_offsets`. */
export class GroupShard {
  readonly store: CoordinatorPartition
  readonly world: GroupWorld
  readonly groups = new Map<string, ClassicGroup>()
  readonly offsets = new CommittedOffsets()
  readonly consumers = new Map<string, ConsumerGroup>()
  readonly others = new OtherGroups()
  readonly shares = new ShareGroupsOfShard()

  constructor(store: CoordinatorPartition, world: GroupWorld) {
    this.store = store
    this.world = world
  }

  /** Most of a log is what was said before and does not hold any more: only what was said last is looked into. */
  load(): void {
    const latest = new LatestValues(withoutLegacyType)
    for (const batch of this.store.batches()) this.#readable(() => collect(batch, latest))
    for (const said of inLogOrder(latest)) this.#readable(() => this.#replaySaid(said))
    this.#tellTypesApart()
    this.store.onMarker(({ producerId, isCommit }) => this.offsets.endTransaction(producerId, isCommit))
  }

  /** In the log first; then, and only then, it is so. Throws where the log does not take it. */
  write(records: readonly WrittenRecord[], producer?: TransactionalProducer): void {
    if (records.length === 0) return
    this.store.append(records.map(encodeGroupRecord), producer, BASE_SEQUENCE)
    for (const record of records) this.#written(record, producer?.producerId ?? null)
  }

  /** The same for what share groups are made of. */
  writeShares(records: readonly ShareGroupRecord[]): void {
    if (records.length === 0) return
    const entries = records.map(encodeShareGroupRecord)
    this.store.append(entries, undefined, BASE_SEQUENCE)
    for (const { key, value } of entries) this.#replayEntry(key, value, null)
  }

  /** A group's record, which makes a new group known. Null: it is in the log; otherwise why it is not. */
  writeGroup(group: ClassicGroup): ErrorName | null {
    try {
      this.write([{ kind: 'classicGroup', group: group.groupId, stored: group.stored() }])
    } catch (cause) {
      return appendError(cause)
    }
    this.groups.set(group.groupId, group)
    return null
  }

  /** A group of another type has become this one. */
  writeConverted(group: ClassicGroup, records: readonly ConsumerGroupRecord[]): void {
    this.write([...records, { kind: 'classicGroup', group: group.groupId, stored: group.stored() }])
    this.groups.set(group.groupId, group)
  }

  /** Neither a classic group nor one of consumers. */
  typeOfOther(groupId: string): OtherGroupType | undefined {
    return this.others.typeOf(groupId)
  }

  async durable(): Promise<void> {
    try {
      await this.store.durable()
    } catch (cause) {
      throw new ApiError(appendError(cause))
    }
  }

  /** A new group is not there for others before it is written. */
  newGroup(groupId: string): ClassicGroup {
    return new ClassicGroup(groupId, this.world.clock.nowMs())
  }

  /** A group that is there knows more than its record says, for it has made the record. */
  #written(record: WrittenRecord, producerId: number | null): void {
    if (record.kind === 'commit') this.#replayCommit(record, producerId)
    else if (record.kind !== 'classicGroup') this.#replayConsumer(record)
    else if (record.stored === null || !this.groups.has(record.group)) this.#replayGroup(record)
  }

  /** The cleaner may have left a group's commits before the record that tells its type, and without any. */
  #tellTypesApart(): void {
    for (const { group } of this.others.all()) {
      if (this.groups.get(group)?.protocolType === null) this.groups.delete(group)
    }
    for (const group of this.offsets.groups()) this.#makeSimple(group)
  }

  #replaySaid({ key, value, producerId }: Said): void {
    const bytes = value === null ? null : Buffer.from(value, 'latin1')
    this.#replayEntry(Buffer.from(key, 'latin1'), bytes, producerId)
  }

  /** Of groups of other types it is known here that they are there; what they are stands elsewhere. */
  #replayEntry(key: Buffer, value: Buffer | null, producerId: number | null): void {
    this.#replay(decodeGroupRecord(key, value), producerId)
    const ofShare = decodeShareGroupRecord(key, value)
    if (ofShare !== null) this.shares.replay(ofShare, this.world.clock.nowMs())
  }

  #replay(record: GroupRecord | null, producerId: number | null): void {
    if (record?.kind === 'commit') this.#replayCommit(record, producerId)
    else if (record?.kind === 'classicGroup') this.#replayGroup(record)
    else if (record?.kind === 'otherGroup') this.others.replay(record)
    else if (record !== null) this.#replayConsumer(record)
  }

  /** A group that is not there is made by its first record, whichever that is, and gone with its epoch. */
  #replayConsumer(record: ConsumerGroupRecord): void {
    const known = this.consumers.get(record.group)
    if (known === undefined && record.value === null) return
    const group = known ?? new ConsumerGroup(record.group)
    if (known === undefined) {
      this.groups.delete(record.group)
      this.consumers.set(record.group, group)
    }
    group.replay(record)
    if (record.kind === 'consumerEpoch' && record.value === null) this.consumers.delete(record.group)
  }

  #replayCommit({ group, topic, partition, commit }: CommitRecord, producerId: number | null): void {
    const place = { group, topic, partition }
    if (commit === null) {
      this.offsets.remove(place)
      return
    }
    this.#makeSimple(group)
    if (producerId === null) this.offsets.put(place, commit)
    else this.offsets.putPending(producerId, place, commit)
  }

  /** Whoever commits without ever being a member makes a group as well, one without a record of its own. */
  #makeSimple(group: string): void {
    if (this.groups.has(group) || this.consumers.has(group) || this.others.typeOf(group) !== undefined) return
    this.groups.set(group, this.newGroup(group))
  }

  #replayGroup({ group, stored }: ClassicGroupRecord): void {
    if (stored === null) this.groups.delete(group)
    else this.groups.set(group, ClassicGroup.fromStored(group, stored))
  }

  /** One record that nobody can read does not keep the others from being read. */
  #readable(read: () => void): void {
    try {
      read()
    } catch (cause) {
      if (!(cause instanceof DataError)) throw cause
      const { partition } = this.store
      this.world.log.log('warn', 'a record of groups cannot be read', { partition, reason: cause.message })
    }
  }
}

interface Said {
  readonly key: string
  readonly value: string | null
  readonly offset: Int64
  /** Of the transaction that is still open. */
  readonly producerId: number | null
}

function collect(batch: RecordBatch, latest: LatestValues): void {
  const cursor = openRecords(batch, { checkCrc: false })
  while (cursor.next()) {
    // The key of a marker looks like that of an offset commit of the first kind: it must not be taken for one.
    if (batch.isControl) collectMarker(cursor, batch.producerId, latest)
    else latest.record(cursor, batch)
  }
}

function collectMarker(cursor: RecordCursor, producerId: Int64, latest: LatestValues): void {
  const { type } = parseControlRecordKey(cursor.key)
  if (type === 'COMMIT' || type === 'ABORT') latest.marker(producerId, type === 'COMMIT')
}

function inLogOrder({ live, pending }: LatestValues): Said[] {
  const said: Said[] = []
  for (const [key, { value, offset }] of live) said.push({ key, value, offset, producerId: null })
  for (const [producerId, values] of pending) {
    for (const [key, { value, offset }] of values) {
      said.push({ key, value, offset, producerId: Number(producerId) })
    }
  }
  return said.sort((a, b) => (a.offset < b.offset ? -1 : 1))
}
