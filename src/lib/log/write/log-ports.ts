import type { Clock } from '../../ports/clock.ts'
import type { Disk } from '../../ports/disk.ts'
import type { LogSink } from '../../ports/log-sink.ts'
import type { Random } from '../../ports/random.ts'

/** All that the logs of a directory have of the world. */
export interface LogPorts {
  readonly clock: Clock
  readonly random: Random
  readonly disk: Disk
  readonly log: LogSink
}
