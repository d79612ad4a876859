/** The system has few hands for this, and a disk does better with several files at a time. */
const AT_ONCE = 4

/** Does it with all of them, a few at a time and whatever happens to one; then throws what happened first. */
export async function severalAtOnce<T>(all: Iterable<T>, run: (each: T) => Promise<unknown>): Promise<void> {
  const left = [...all].reverse()
  const failures: unknown[] = []
  const work = async () => {
    for (let each = left.pop(); each !== undefined; each = left.pop()) {
      try {
        await run(each)
      } catch (cause) {
        failures.push(cause)
      }
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  if (failures.length > 0) throw failures[0]
}
