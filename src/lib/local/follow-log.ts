import { FailedError } from '../errors.ts'
import type { Clock } from '../ports/clock.ts'
import type { ReadableDisk } from '../ports/disk.ts'
import { pause } from '../ports/pause.ts'
import { logTail } from './log-tail.ts'

interface Wanted {
  readonly lines: number
  readonly isFollowed: boolean
}

const LOOK_MS = 200

/** The last lines of a log, and then what is added, for as long as somebody reads. */
export async function* followLog(
  path: string,
  { lines, isFollowed }: Wanted,
  { disk, clock }: { readonly disk: ReadableDisk; readonly clock: Clock },
): AsyncGenerator<{ bytes: string }> {
  let endBytes = disk.stat(path)?.sizeBytes
  if (endBytes === undefined) {
    throw new FailedError('no-log', `there is no log ${path}`, {
      hint: 'ktool broker start starts a broker that writes one',
    })
  }
  yield { bytes: lastLines(logTail(disk, path), lines) }
  while (isFollowed) {
    await pause(clock, LOOK_MS)
    const sizeBytes = disk.stat(path)?.sizeBytes ?? 0
    // A log that has become shorter is another one.
    if (sizeBytes > endBytes) yield { bytes: logTail(disk, path, endBytes) }
    else if (sizeBytes < endBytes) yield { bytes: logTail(disk, path) }
    endBytes = sizeBytes
  }
}

function lastLines(text: string, count: number): string {
  const lines = text.split('\n')
  const last = lines.at(-1) === '' ? 1 : 0
  return count === 0 ? '' : lines.slice(-(count + last)).join('\n')
}
