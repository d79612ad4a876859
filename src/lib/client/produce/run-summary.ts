import { formatDuration } from '../../values/durations.ts'
import { formatSize } from '../../values/sizes.ts'
import type { ProduceRun } from './produce-run.ts'

/** How far it has come, in one line. */
export function progressOf(run: ProduceRun, elapsedMs: number): string {
  const { readCount, writtenCount, writtenBytes, lostCount } = run
  const lost = lostCount === 0 ? '' : `, ${lostCount} failed`
  const read = readCount === writtenCount + lostCount ? '' : `, ${readCount} read`
  return `${writtenCount} records written${read}${lost}, ${ratesOf(writtenCount, writtenBytes, elapsedMs)}`
}

/** What became of all of it. */
export function summaryOf(run: ProduceRun, topic: string, elapsedMs: number): string[] {
  const { writtenCount, writtenBytes, lostCount, outcome } = run
  const records = writtenCount === 1 ? '1 record' : `${writtenCount} records`
  const lost = lostCount === 0 ? '' : `, ${lostCount} failed`
  const sum =
    `${records} (${formatSize(writtenBytes)}) written to ${topic} in ${formatDuration(elapsedMs)}` +
    (elapsedMs < 1000 ? '' : `, ${ratesOf(writtenCount, writtenBytes, elapsedMs)}`)
  return [`${sum}${lost}`, ...endings[outcome]]
}

const endings = {
  sent: [],
  committed: ['transaction committed'],
  aborted: ['transaction aborted: readers of committed records see nothing of it'],
} as const

function ratesOf(count: number, bytes: number, elapsedMs: number): string {
  const seconds = Math.max(elapsedMs, 1) / 1000
  return `${Math.round(count / seconds)}/s, ${formatSize(Math.round(bytes / seconds))}/s`
}
