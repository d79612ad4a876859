import { KtoolError } from '../../errors.ts'
import { asidePath } from './aside-path.ts'
import type { LogRoom } from './log-room.ts'
import type { WritableLog } from './writable-log.ts'

/** A log that is not wanted any more: its folder is renamed now, and goes after the delay. */
export function setAside(room: LogRoom, log: WritableLog): void {
  tidyUp(log)
  const aside = asidePath(log, 'delete', room.random)
  room.disk.rename(log.path, aside)
  log.retire(aside)
  room.deletions.after(log.settings.fileDeleteDelayMs, [aside])
}

/** A disk that is full takes nothing, and is to get room by the deletion. */
function tidyUp(log: WritableLog): void {
  try {
    log.tidyUp()
  } catch (cause) {
    if (!(cause instanceof KtoolError)) throw cause
  }
}
