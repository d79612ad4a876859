import type { Clock } from '../../ports/clock.ts'
import type { Link } from '../../ports/network.ts'
import { pause } from '../../ports/pause.ts'

interface Slowness {
  readonly bytesPerSecond: number
  readonly clock: Clock
  /** Nobody has to be slow any more. */
  readonly gone: AbortSignal
}

const PORTIONS_PER_SECOND = 10

/** Lets bytes leave one portion after the other. Its `write` is always false: the last portion drains the link. */
export function slowLink(
  link: Link,
  slowness: Slowness,
  drained: () => void,
): Pick<Link, 'write' | 'cork' | 'uncork'> {
  let before = Promise.resolve()
  let waiting = 0
  return {
    write(bytes, left) {
      waiting++
      before = before
        .then(() => trickle(link, bytes, slowness, left))
        .then(() => {
          waiting--
          if (waiting === 0) drained()
        })
      return false
    },
    cork: () => {},
    uncork: () => {},
  }
}

async function trickle(
  link: Link,
  bytes: Uint8Array,
  { bytesPerSecond, clock, gone }: Slowness,
  left: (() => void) | undefined,
): Promise<void> {
  const portionBytes = Math.max(1, Math.ceil(bytesPerSecond / PORTIONS_PER_SECOND))
  const portionMs = (portionBytes / bytesPerSecond) * 1000
  let at = 0
  for (; !gone.aborted && at + portionBytes < bytes.length; at += portionBytes) {
    link.write(bytes.subarray(at, at + portionBytes))
    await pause(clock, portionMs, gone)
  }
  link.write(bytes.subarray(at), left)
}
