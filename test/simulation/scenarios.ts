import type { Death } from './sim-world.ts'

/** What a disk says for a while, and to which changes. */
export type Trouble = 'full' | 'failing' | 'read-only'

export interface Scenario {
  readonly title: string
  readonly flush: 'interval' | 'ack'
  /** What the broker dies of. */
  readonly deaths: readonly Death[]
  /** Between any two changes of the disk, while it starts too; else after some time. */
  readonly diesAtChanges?: boolean
  /** Between which partitions move all the time; one, and they stay. */
  readonly dataDirs?: readonly string[]
  /** Comes over the disk before each death. */
  readonly trouble?: Trouble
  /** All its topics, with segments so small that there is always something to do. */
  readonly compacts?: boolean
  /** Topics come and go, and the metadata log has a snapshot every few changes. */
  readonly changesTopics?: boolean
  readonly sharesRecords?: boolean
  /** The time of day is put forward and back. */
  readonly clockJumps?: boolean
  /** How many stories of it are told where others have one. */
  readonly stories?: number
  /** Takes longer: where few stories are told, the seed says which of these has one. */
  readonly isLong?: boolean
}

const always = [
  ['transaction.state.log.num.partitions', '2'],
  ['offsets.topic.num.partitions', '2'],
  ['share.coordinator.state.topic.num.partitions', '2'],
  ['transaction.abort.timed.out.transaction.cleanup.interval.ms', '1000'],
  ['log.segment.bytes', '65536'],
] as const

const compacting = [
  ['log.cleanup.policy', 'compact'],
  ['log.segment.bytes', '3000'],
  ['log.roll.ms', '100'],
  ['log.cleaner.min.cleanable.ratio', '0.01'],
  ['log.cleaner.backoff.ms', '100'],
  ['log.cleaner.delete.retention.ms', '200'],
  ['log.segment.delete.delay.ms', '150'],
  ['log.flush.offset.checkpoint.interval.ms', '300'],
] as const

const snapshotting = [
  ['metadata.log.max.record.bytes.between.snapshots', '600'],
  ['metadata.max.retention.bytes', '2000'],
] as const

const sharing = [
  ['group.share.initialize.retry.interval.ms', '1000'],
  ['share.coordinator.snapshot.update.records.per.snapshot', '5'],
  ['share.coordinator.state.topic.prune.interval.ms', '100'],
  ['log.roll.ms', '100'],
  ['log.retention.check.interval.ms', '200'],
  ['log.initial.task.delay.ms', '100'],
  ['log.segment.delete.delay.ms', '150'],
] as const

export function settingsOf({
  compacts,
  changesTopics,
  sharesRecords,
}: Scenario): ReadonlyMap<string, string> {
  return new Map([
    ...always,
    ...(compacts === true ? compacting : []),
    ...(changesTopics === true ? snapshotting : []),
    ...(sharesRecords === true ? sharing : []),
  ])
}

const twoDirs = ['/data', '/more']

export const scenarios: readonly Scenario[] = [
  {
    title: 'loses nothing that it acknowledged when it is killed',
    flush: 'interval',
    deaths: ['kill', 'kill', 'stop', 'kill'],
  },
  {
    title: 'loses nothing that it acknowledged in a power cut, where each acknowledgement waits for the disk',
    flush: 'ack',
    deaths: ['power', 'power', 'kill', 'power'],
  },
  {
    title: 'loses no more than a second in a power cut, where the disk is flushed every second',
    flush: 'interval',
    deaths: ['power', 'kill', 'power'],
  },
  {
    title: 'loses nothing that it acknowledged in a power cut while partitions move between its directories',
    flush: 'ack',
    deaths: ['power', 'power'],
    dataDirs: twoDirs,
    stories: 3,
  },
  {
    title: 'loses nothing that it acknowledged when it dies at any change of its disk, while it starts too',
    flush: 'ack',
    deaths: ['power', 'kill', 'power', 'power'],
    diesAtChanges: true,
    dataDirs: twoDirs,
  },
  {
    title: 'loses nothing, and brings nothing back, when it dies at any change while everything is compacted',
    flush: 'ack',
    deaths: ['power', 'kill', 'power'],
    diesAtChanges: true,
    compacts: true,
  },
  {
    title: 'has the topics that it said when it dies at any change, with snapshots of its metadata',
    flush: 'ack',
    deaths: ['power', 'kill', 'power', 'kill'],
    diesAtChanges: true,
    changesTopics: true,
  },
  {
    title: 'hands out no record again that a share group has accepted, and each that it has not',
    flush: 'ack',
    deaths: ['power', 'kill', 'power'],
    diesAtChanges: true,
    sharesRecords: true,
  },
  {
    title: 'loses nothing that it acknowledged on a disk that is full for a while',
    flush: 'ack',
    deaths: ['kill', 'power', 'stop'],
    trouble: 'full',
    isLong: true,
    compacts: true,
    changesTopics: true,
  },
  {
    title: 'loses nothing that it acknowledged on a disk that fails now and then',
    flush: 'ack',
    deaths: ['kill', 'power', 'kill'],
    trouble: 'failing',
    isLong: true,
    compacts: true,
    dataDirs: twoDirs,
  },
  {
    title: 'loses nothing that it acknowledged on a disk that is mounted read-only in the midst of it',
    flush: 'ack',
    deaths: ['kill', 'power'],
    trouble: 'read-only',
    isLong: true,
    sharesRecords: true,
    changesTopics: true,
  },
  {
    title: 'loses nothing that it acknowledged when the time of day is put forward and back',
    flush: 'ack',
    deaths: ['kill', 'power'],
    clockJumps: true,
    isLong: true,
    compacts: true,
    sharesRecords: true,
  },
]
