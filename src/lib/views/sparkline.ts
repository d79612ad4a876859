const BLOCKS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█']

/** The last values as bars, the largest of them the highest; nothing stands where nothing was known. */
export function sparkline(values: readonly (number | null)[], width: number): string {
  const shown = values.slice(-width)
  const largest = Math.max(0, ...shown.map((value) => value ?? 0))
  return shown
    .map((value) => barOf(value, largest))
    .join('')
    .padStart(width)
}

function barOf(value: number | null, largest: number): string {
  if (value === null || !Number.isFinite(value)) return ' '
  const step = largest <= 0 ? 0 : Math.round((Math.max(0, value) / largest) * (BLOCKS.length - 1))
  return BLOCKS[step] ?? ' '
}
