/** What stands more than once in a list. */
export function repeated<T>(items: readonly T[]): ReadonlySet<T> {
  const seen = new Set<T>()
  const twice = new Set<T>()
  for (const item of items) {
    if (seen.has(item)) twice.add(item)
    seen.add(item)
  }
  return twice
}
