import { FilePool } from '../start/file-pool.ts'
import { DelayedDeletions } from './delayed-deletions.ts'
import { HeaderWindow } from './header-window.ts'
import { LoadedIndexes } from './loaded-indexes.ts'
import type { LogPorts } from './log-ports.ts'

/** What the logs of a directory have in common, so that each of them can be small. */
export interface LogRoom extends LogPorts {
  /** Files that are read now and then. */
  readonly files: FilePool
  readonly headers: HeaderWindow
  readonly indexes: LoadedIndexes
  readonly deletions: DelayedDeletions
}

export function openLogRoom(ports: LogPorts): LogRoom {
  const { clock, random, disk, log } = ports
  const files = new FilePool(disk)
  return {
    clock,
    random,
    disk,
    log,
    files,
    headers: new HeaderWindow(),
    indexes: new LoadedIndexes(),
    deletions: new DelayedDeletions(ports, files),
  }
}
