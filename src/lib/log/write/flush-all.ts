import type { WritableLog } from './writable-log.ts'

/** The system has few hands for this, and a disk does better with several files at a time. */
const AT_ONCE = 4

/** Flushes them all, whatever happens to one; then throws what happened first. */
export async function flushAll(logs: readonly WritableLog[]): Promise<void> {
  const left = [...logs]
  const failures: unknown[] = []
  const work = async () => {
    for (let log = left.shift(); log !== undefined; log = left.shift()) {
      await log.flush().catch((cause: unknown) => void failures.push(cause))
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  if (failures.length > 0) throw failures[0]
}
