import type { LogStore } from '../../log/write/log-store.ts'
import type { PartitionLog } from '../../log/write/partition-log.ts'
import type { ErrorName } from '../../protocol/error-codes.ts'
import type { BrokerConfigs } from '../configs/broker-configs.ts'
import { cordonedOf } from '../configs/cordoned-log-dirs.ts'
import type { Controller } from '../controller/controller.ts'
import type { LogDirMoves } from './log-dir-moves.ts'
import type { Partition } from './partition.ts'
import type { Partitions } from './partitions.ts'

/** A folder of a future replica has a dash, an id and `-future` behind its name, and a file name has 255 characters. */
const LONGEST_TOPIC_AND_PARTITION = 214

export interface LogDirsFacts {
  readonly store: LogStore
  readonly partitions: Partitions
  readonly controller: Pick<Controller, 'topicByName'>
  readonly moves: LogDirMoves
  readonly configs: BrokerConfigs
}

/** A log as it lies in a directory. */
export interface LogInDirectory {
  readonly log: PartitionLog
  /** It is being copied there. */
  readonly isFuture: boolean
}

/** The directories of this broker, and who lies in which. */
export class LogDirs {
  readonly #facts: LogDirsFacts

  constructor(facts: LogDirsFacts) {
    this.#facts = facts
  }

  /** As they are named. */
  get paths(): readonly string[] {
    return this.#facts.store.directories.map(({ path }) => path)
  }

  /** Those that no partition goes to by itself, and that nobody may send one to. */
  get cordoned(): readonly string[] {
    return cordonedOf(this.#facts.configs, this.paths)
  }

  /** In which directories a partition lies: one, and another one while it moves. */
  logsOf({ topic, partition, log }: Partition): (LogInDirectory & { readonly directory: string })[] {
    const { store } = this.#facts
    const future = store.moves.get(`${topic}-${partition}`)
    const directory = (of: PartitionLog) => store.directoryOf(of)?.path ?? ''
    const current = { log, isFuture: false, directory: directory(log) }
    return future === undefined
      ? [current]
      : [current, { log: future, isFuture: true, directory: directory(future) }]
  }

  /**
   * Begins to move a partition to a directory, or gives up a move where it is to stay. One that is not here is
   * remembered: there it is made, should it come.
   */
  alter(topic: string, number: number, path: string): ErrorName {
    const { store, partitions, controller, moves } = this.#facts
    if (topic.length + String(number).length > LONGEST_TOPIC_AND_PARTITION) return 'INVALID_TOPIC_EXCEPTION'
    if (!this.paths.includes(path)) return 'LOG_DIR_NOT_FOUND'
    if (this.cordoned.includes(path)) return 'INVALID_REPLICA_ASSIGNMENT'
    const partition = partitions.get(topic, number)
    if (partition === undefined) {
      store.prefer(topic, number, path)
      const isKnown = controller.topicByName(topic)?.partitions.has(number) === true
      return isKnown ? 'REPLICA_NOT_AVAILABLE' : 'UNKNOWN_TOPIC_OR_PARTITION'
    }
    moves.alter(partition, path)
    return 'NONE'
  }
}
