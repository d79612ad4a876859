/** The known names that a mistyped one may have meant, the likeliest first. */
export function nearest(typed: string, names: Iterable<string>, count = 3): string[] {
  const wanted = typed.toLowerCase()
  return [...new Set(names)]
    .map((name) => ({ name, ...likeness(wanted, name.toLowerCase()) }))
    .filter(({ distance }) => distance <= tolerance(wanted))
    .sort((a, b) => a.distance - b.distance || b.isBegun - a.isBegun || (a.name < b.name ? -1 : 1))
    .slice(0, count)
    .map(({ name }) => name)
}

/** A third of what was typed may be wrong, and one letter always. */
function tolerance(wanted: string): number {
  return Math.max(1, Math.floor(wanted.length / 3))
}

/** Of two that are as near, the one that was begun is the likelier. */
function likeness(wanted: string, name: string): { distance: number; isBegun: number } {
  return { distance: distanceTo(wanted, name), isBegun: name.startsWith(wanted) ? 1 : 0 }
}

/** Someone who types a part of a name has made one mistake, however much is missing. */
function distanceTo(wanted: string, name: string): number {
  if (wanted.length >= 3 && name.startsWith(wanted)) return 1
  if (wanted.length >= 5 && name.includes(wanted)) return 1
  return editDistance(wanted, name)
}

/** Letters to insert, delete, replace or swap with their neighbour: Damerau's distance, by rows. */
function editDistance(from: string, to: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: to.length + 1 }, (_, i) => i)
  for (let i = 1; i <= from.length; i++) {
    const row = [i]
    for (let j = 1; j <= to.length; j++) {
      const isSame = from[i - 1] === to[j - 1]
      const replaced = at(last, j - 1) + (isSame ? 0 : 1)
      const isSwap = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]
      const swapped = isSwap ? at(beforeLast, j - 2) + 1 : replaced
      row.push(Math.min(replaced, swapped, at(last, j) + 1, at(row, j - 1) + 1))
    }
    beforeLast = last
    last = row
  }
  return at(last, to.length)
}

function at(row: readonly number[], index: number): number {
  return row[index] as number
}
