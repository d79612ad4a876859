import type { Int64 } from '../../bytes/int64.ts'
import type { EpochEntry } from '../files/leader-epoch-checkpoint.ts'

/** What leader and follower know of themselves when the follower asks where to go on. */
export interface Epochs {
  readonly epochs: readonly EpochEntry[]
  readonly logEndOffset: Int64
  readonly highWatermark: Int64 | null
}

interface EpochEnd {
  readonly epoch: number
  readonly endOffset: Int64
}

/**
 * Where a follower cuts its log before it fetches from a leader (KIP-101, KIP-279): it asks where the leader's
 * log ends for the newest epoch of its own, until both know the epoch that the leader names. Null where it
 * would go back to its high watermark, which nobody has written down.
 */
export function truncationOf(follower: Epochs, leader: Epochs): Int64 | null {
  const led = elected(leader, follower)
  let own = follower
  for (;;) {
    const latest = own.epochs.at(-1)
    const answer = latest === undefined ? undefined : endOf(led, latest.epoch)
    if (answer === undefined) return atMost(own.logEndOffset, follower.highWatermark)
    const known = endOf(own, answer.epoch)
    if (known === undefined) return least(own.logEndOffset, answer.endOffset)
    const end = least(own.logEndOffset, known.endOffset)
    if (known.epoch === answer.epoch) return least(end, answer.endOffset)
    own = cutAt(own, end)
  }
}

/** Whoever is elected begins a new epoch at the end of its log. */
function elected(leader: Epochs, follower: Epochs): Epochs {
  const newest = Math.max(leader.epochs.at(-1)?.epoch ?? -1, follower.epochs.at(-1)?.epoch ?? -1)
  const entry = { epoch: newest + 1, startOffset: leader.logEndOffset }
  // Without a single epoch it is a log of before 0.11, and its followers go by their high watermark.
  return leader.epochs.length === 0 ? leader : { ...leader, epochs: [...leader.epochs, entry] }
}

/** The largest epoch up to this one, and where it ends; nothing where there is no newer one to end it. */
function endOf({ epochs, logEndOffset }: Epochs, epoch: number): EpochEnd | undefined {
  if (epochs.at(-1)?.epoch === epoch) return { epoch, endOffset: logEndOffset }
  const next = epochs.findIndex((entry) => entry.epoch > epoch)
  const higher = epochs[next]
  if (higher === undefined) return undefined
  return { epoch: epochs[next - 1]?.epoch ?? epoch, endOffset: higher.startOffset }
}

function cutAt(log: Epochs, endOffset: Int64): Epochs {
  const latest = log.epochs.at(-1)
  // Each round must leave one epoch less, also where a damaged file has epochs that end where they start.
  const epochs = log.epochs.filter((entry) => entry !== latest && entry.startOffset < endOffset)
  return { ...log, epochs, logEndOffset: endOffset }
}

function atMost(offset: Int64, bound: Int64 | null): Int64 | null {
  return bound === null ? null : least(offset, bound)
}

function least(a: Int64, b: Int64): Int64 {
  return a < b ? a : b
}
