import { KtoolError } from '../../errors.ts'
import type { ReadableDisk } from '../../ports/disk.ts'
import { LatestValues } from '../coordinators/latest-values.ts'
import { damagedLog, replayLog } from '../coordinators/replay-log.ts'
import type { PartitionFolder } from '../partition-folder.ts'
import { groupRecords, passedOver, readOffsetCommit } from './group-records.ts'
import { newGroup, type StoredGroup } from './stored-group.ts'

export interface ReadGroups {
  readonly groups: ReadonlyMap<string, StoredGroup>
  /** What could not be read, and why. */
  readonly problems: readonly KtoolError[]
  /** What was passed over, a sentence each. */
  readonly remarks: readonly string[]
}

const LEGACY_OFFSET_COMMIT = '\0\0'
const OFFSET_COMMIT = '\0\u0001'
const OFFSET_COMMIT_TYPE = 1

/** The groups that a partition of `__consumer_offsets` keeps, as they were last written. */
export function readGroups(disk: ReadableDisk, folder: PartitionFolder): ReadGroups {
  const latest = new LatestValues(withoutLegacyType)
  const problems = replayLog(disk, folder, latest)
  const reading = new Reading(folder.path)
  for (const [key, { value }] of latest.live) reading.read(key, value, ({ commits }) => commits)
  for (const values of latest.pending.values()) {
    for (const [key, { value }] of values) reading.read(key, value, ({ pending }) => pending)
  }
  const { groups, remarks } = reading
  const undecoded = [...reading.problems].map((problem) => damagedLog(folder.path, problem))
  return { groups, problems: [...problems, ...undecoded], remarks: [...remarks] }
}

class Reading {
  readonly groups = new Map<string, StoredGroup>()
  readonly problems = new Set<string>()
  readonly remarks = new Set<string>()
  readonly #path: string

  constructor(path: string) {
    this.#path = path
  }

  read(key: string, value: string | null, commitsOf: (group: StoredGroup) => StoredGroup['commits']): void {
    if (value === null) return
    const keyBytes = Buffer.from(key, 'latin1')
    try {
      this.#decode(keyBytes, Buffer.from(value, 'latin1'), commitsOf)
    } catch (cause) {
      if (!(cause instanceof KtoolError)) throw cause
      this.problems.add(cause.message)
    }
  }

  #decode(key: Buffer, value: Buffer, commitsOf: (group: StoredGroup) => StoredGroup['commits']): void {
    const type = key.readInt16BE(0)
    const read = groupRecords.get(type)
    if (type === OFFSET_COMMIT_TYPE) readOffsetCommit(key, value, commitsOf, this.#groupOf)
    else if (read !== undefined) read(key, value, this.#groupOf)
    else if (!passedOver.has(type)) {
      this.remarks.add(`${this.#path}: records of the type ${type} are not known and were passed over`)
    }
  }

  readonly #groupOf = (name: string): StoredGroup => {
    const known = this.groups.get(name)
    if (known !== undefined) return known
    const group = newGroup(name)
    this.groups.set(name, group)
    return group
  }
}

/** Both kinds of offset commits are about the same thing; the last one counts. */
export function withoutLegacyType(key: string): string {
  return key.startsWith(LEGACY_OFFSET_COMMIT) ? OFFSET_COMMIT + key.slice(2) : key
}
