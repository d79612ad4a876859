import { isKnown } from '../../model/figure.ts'
import { formatSize } from '../../values/sizes.ts'
import { formatTime } from '../../values/times.ts'
import type { Asked, Finding, Overlooked } from './find-in-partition.ts'
import type { FoundBatch, SearchStep } from './found-record.ts'

/** Offsets 120 to 130 at position 4711 of 00000000000000000000.log */
export function describeBatch(batch: FoundBatch | null): string | null {
  if (batch === null) return null
  const { baseOffset, lastOffset, position, file } = batch
  return `offsets ${baseOffset} to ${lastOffset}, at position ${position} of ${file}`
}

export function describeOverlooked(overlooked: Overlooked | null): string | null {
  if (overlooked === null) return null
  const { offset, timestamp, batch } = overlooked
  return `offset ${offset} of ${formatTime(timestamp)}, in ${batch.file}`
}

/** What was done in one segment, in the order in which it was done. */
export function describeStep({ file, timeEntry, offsetEntry, scannedFrom }: SearchStep): string {
  const byTime =
    timeEntry === null
      ? ''
      : `, by its time index entry ${formatTime(timeEntry.timestamp)} → offset ${timeEntry.offset}`
  const byOffset =
    offsetEntry === null
      ? ', without an index entry'
      : `, by its index entry offset ${offsetEntry.offset} → position ${offsetEntry.position}`
  return `${file}${byTime}${byOffset}, scanned from position ${scannedFrom}`
}

/** What is said beside the finding. */
export function notesOf(finding: Finding, asked: Asked, tookMs: number | null): string[] {
  const { overlooked, warnings, logStartOffset, highWatermark, readBytes } = finding
  const bounds = Object.entries({ 'log start': logStartOffset, 'high watermark': highWatermark })
  return [
    ...(asked.kind === 'time' ? [`looked for ${formatTime(asked.timeMs)}`] : []),
    ...bounds.flatMap(([name, figure]) =>
      isKnown(figure) && figure.reason !== undefined
        ? [`the ${name} is ${figure.value} (${figure.reason})`]
        : [],
    ),
    ...warnings,
    ...(overlooked === null
      ? []
      : [`a scan of the whole log finds ${describeOverlooked(overlooked)}, where a broker does not look`]),
    ...(tookMs === null ? [] : [`the lookup took ${tookMs.toFixed(3)} ms and read ${bytes(readBytes)}`]),
  ]
}

function bytes(count: number): string {
  return count < 1024 ? `${count} bytes` : `${count} bytes (${formatSize(count)})`
}
