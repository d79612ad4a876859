import { type CleanedLog, cleanLog } from '../../../../src/lib/log/clean/clean-log.ts'
import { cleanableOf } from '../../../../src/lib/log/clean/cleanable.ts'
import type { Cleaning } from '../../../../src/lib/log/clean/cleaning.ts'
import { OffsetMap } from '../../../../src/lib/log/clean/offset-map.ts'
import type { WritableLog } from '../../../../src/lib/log/write/writable-log.ts'

/** What a round has that nobody slows down or gives up, with the smallest pieces. */
export function cleaningOf(nowMs: number, wish: Partial<Cleaning> = {}): Cleaning {
  return {
    map: new OffsetMap(1 << 20),
    loadFactor: 0.9,
    nowMs,
    chunkBytes: 4096,
    turns: { isDue: () => false, turn: async () => {} },
    throttle: async () => {},
    isOver: () => false,
    ...wish,
  }
}

/** A round over all that can be cleaned of the log. */
export async function cleanOnce(
  log: WritableLog,
  nowMs: number,
  wish: Partial<Cleaning> = {},
): Promise<CleanedLog> {
  const cleaned = await cleanLog(cleanableOf(log, nowMs), cleaningOf(nowMs, wish))
  log.cleanedOffset = cleaned.endOffset
  return cleaned
}
