import { FailedError, type KtoolError } from '../../errors.ts'
import type {
  Group,
  GroupListing,
  GroupPositions,
  GroupsView,
  ShareOffset,
  TopicPartition,
} from '../../model/groups.ts'
import type { Outcome } from '../../model/outcome.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import type { LogDirectories } from '../cluster/log-directories.ts'
import { type CoordinatorTopic, coordinatorTopic } from '../coordinators/coordinator-topic.ts'
import { committedOffsets, describeGroup, pendingOffsets } from '../groups/describe-group.ts'
import { readGroups } from '../groups/read-groups.ts'
import { doneCount } from '../groups/share-batches.ts'
import { readShareState, type SharePartition, shareKey } from '../groups/share-state.ts'
import type { StoredGroup } from '../groups/stored-group.ts'
import type { BorrowedCopies } from './borrowed-copies.ts'
import { topicNames } from './topic-names.ts'

const GROUPS_TOPIC = '__consumer_offsets'
const SHARES_TOPIC = '__share_group_state'

/** Groups as `__consumer_offsets` has them last. Each of its partitions is read once, when it is needed. */
export function diskGroups(
  disk: ReadableDisk,
  directories: LogDirectories,
  warn: (sentence: string) => void,
  borrowed: BorrowedCopies,
): GroupsView {
  return new DiskGroups(disk, directories, warn, borrowed)
}

class DiskGroups implements GroupsView {
  readonly #disk: ReadableDisk
  readonly #directories: LogDirectories
  readonly #warn: (sentence: string) => void
  readonly #borrowed: BorrowedCopies
  readonly #groups: CoordinatorTopic
  readonly #read = new Map<number, ReadonlyMap<string, StoredGroup>>()
  readonly #nameOf: (topicId: string) => string
  /** What of the logs could not be read as far as they were. */
  readonly #problems = new Map<number, readonly KtoolError[]>()
  #shares: ReadonlyMap<string, SharePartition> | undefined

  constructor(
    disk: ReadableDisk,
    directories: LogDirectories,
    warn: (sentence: string) => void,
    borrowed: BorrowedCopies,
  ) {
    this.#disk = disk
    this.#directories = directories
    this.#warn = warn
    this.#borrowed = borrowed
    this.#nameOf = topicNames(disk, directories)
    this.#groups = coordinatorTopic(directories, GROUPS_TOPIC)
  }

  async list(): Promise<Outcome<GroupListing>[]> {
    const { here, topic } = this.#groups
    const groups = here
      .flatMap((place) => [...this.#groupsIn(place.partition).values()])
      .map((stored) => ({ item: stored.group, outcome: this.#describe(stored) }))
      .sort((a, b) => (a.item < b.item ? -1 : 1))
    const incomplete = this.#groups.incomplete('groups')
    const problems = [...this.#problems.values()].flat()
    const missing = [...problems, ...(incomplete === null ? [] : [incomplete])]
    return [...groups, ...missing.map((outcome) => ({ item: topic, outcome }))]
  }

  async describe(groups: readonly string[]): Promise<Outcome<Group>[]> {
    return this.#warned(groups.map((item) => this.#outcome(item, (stored) => this.#describe(stored))))
  }

  async positions(groups: readonly string[]): Promise<Outcome<GroupPositions>[]> {
    return this.#warned(groups.map((item) => this.#outcome(item, (stored) => this.#positions(stored))))
  }

  /** A list fails where it cannot be whole; who asks for one group may have it all the same. */
  #warned<T>(outcomes: T): T {
    for (const { message } of [...this.#problems.values()].flat()) this.#warn(message)
    return outcomes
  }

  #outcome<T>(item: string, of: (stored: StoredGroup) => T): Outcome<T> {
    for (const { partition } of this.#groups.placesOf(item)) {
      const stored = this.#groupsIn(partition).get(item)
      if (stored !== undefined) return { item, outcome: of(stored) }
    }
    const [unread] = this.#groups
      .placesOf(item)
      .flatMap(({ partition }) => this.#problems.get(partition) ?? [])
    return { item, outcome: this.#groups.outOfReach(item) ?? unread ?? notFound(item) }
  }

  #describe(stored: StoredGroup): Group {
    return describeGroup(stored, this.#nameOf)
  }

  #positions(stored: StoredGroup): GroupPositions {
    const { group, type, members } = this.#describe(stored)
    const shares = type === 'Share' ? this.#shareOffsets(stored) : []
    const commits = committedOffsets(stored)
    return { group, type, members, commits, pending: pendingOffsets(stored), shares }
  }

  #shareOffsets({ group, sharePartitions }: StoredGroup): ShareOffset[] {
    const state = this.#shareState()
    const topics = sharePartitions?.initializedTopics ?? []
    return topics.flatMap(({ topicId, topicName, partitions }) =>
      partitions
        .toSorted((a, b) => a - b)
        .map((partition) => {
          const found = state.get(shareKey(group, topicId, partition))
          return { topic: topicName, partition, ...shareOffset(found) }
        }),
    )
  }

  #groupsIn(partition: number): ReadonlyMap<string, StoredGroup> {
    const known = this.#read.get(partition)
    if (known !== undefined) return known
    const chosen = this.#directories.partition(GROUPS_TOPIC, partition)
    if (chosen === undefined) return new Map()
    this.#borrowed.add(chosen)
    const { groups, problems, remarks } = readGroups(this.#disk, chosen.folder)
    this.#problems.set(partition, problems)
    for (const remark of remarks) this.#warn(remark)
    this.#read.set(partition, groups)
    return groups
  }

  #shareState(): ReadonlyMap<string, SharePartition> {
    this.#shares ??= new Map(
      this.#directories.partitions(SHARES_TOPIC).flatMap(({ folder }) => {
        const { partitions, problems } = readShareState(this.#disk, folder)
        for (const { message } of problems) this.#warn(message)
        return [...partitions]
      }),
    )
    return this.#shares
  }
}

function shareOffset(found: SharePartition | undefined): Omit<ShareOffset, keyof TopicPartition> {
  if (found === undefined || found.startOffset < 0)
    return { startOffset: null, deliveredCount: null, lag: null }
  const { startOffset, deliveryCompleteCount, batches } = found
  // Kafka before 4.2 counts nothing; the states of the records say the same.
  const deliveredCount = deliveryCompleteCount < 0 ? doneCount(batches) : deliveryCompleteCount
  return { startOffset, deliveredCount, lag: null }
}

function notFound(group: string): KtoolError {
  return new FailedError('group-not-found', `there is no group "${group}"`, {
    hint: 'ktool groups list names them all; one whose offsets have expired is forgotten',
  })
}
