const NAMED = 3

/** The first of them, and how many more there are. */
export function named(items: readonly string[]): string | null {
  if (items.length === 0) return null
  const more = items.length > NAMED ? ` and ${items.length - NAMED} more` : ''
  return `${items.slice(0, NAMED).join(', ')}${more}`
}
