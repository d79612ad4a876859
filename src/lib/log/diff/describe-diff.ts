import { type Int64, subtractInt64 } from '../../bytes/int64.ts'
import { CheckFailed } from '../../errors.ts'
import type { Comparison } from './compare-replicas.ts'
import type { Replica } from './replica.ts'
import type { ReplicaDiff, ReplicaRow } from './replica-diff.ts'

type Rows = ReplicaDiff['rows']

/** What two copies are to each other, in sentences. */
export function describeDiff(
  replicas: readonly [Replica, Replica],
  rows: Rows,
  comparison: Comparison,
): Omit<ReplicaDiff, 'rows'> {
  const trouble = troubleOf(rows, comparison)
  const notes = [
    ...replicas.flatMap(({ notes }) => notes),
    ...strangers(replicas),
    ...(trouble === null ? [agreement(rows)] : []),
    ...starts(rows),
    ...rows.flatMap(onlyHere),
    ...(comparison.parting === null ? [] : rows.flatMap((row, i) => truncation(row, rows[1 - i]))),
  ]
  return { notes, trouble }
}

function troubleOf(rows: Rows, { parting }: Comparison): CheckFailed | null {
  const [a, b] = rows
  if (parting !== null) {
    const { offset, difference } = parting
    const places = rows.map(({ file, position, epoch }) => `${file} at ${position}, epoch ${epoch}`)
    const message = `the copies part at offset ${offset}: another ${wordsFor[difference]} (${places.join('; ')})`
    return new CheckFailed('replicas-diverged', message, { details: { offset, difference } })
  }
  const damaged = [a, b].find(({ verdict }) => verdict === 'damaged')
  if (damaged === undefined) return null
  const { folder, file, position, finding } = damaged
  return new CheckFailed('damaged-log', `${folder}/${file} is damaged at position ${position}: ${finding}`, {
    hint: `they agree up to there; ktool segments verify ${folder} says more`,
    details: { folder, file, position },
  })
}

const wordsFor = {
  epoch: 'leader epoch',
  kind: 'kind of record',
  producer: 'producer',
  timestamp: 'timestamp',
  key: 'key',
  value: 'value',
  headers: 'set of headers',
} as const

/** The same folder name and the same topic id make two folders copies of one thing. */
function strangers([a, b]: readonly [Replica, Replica]): string[] {
  const [saidA, saidB] = [a.folder.said, b.folder.said]
  if (saidA?.topic !== saidB?.topic || saidA?.partition !== saidB?.partition) {
    return [`${a.folder.name} and ${b.folder.name} are not the same partition, by their names.`]
  }
  if (a.topicId === null || b.topicId === null || a.topicId === b.topicId) return []
  return [`The topic was deleted and made again in between: the ids are ${a.topicId} and ${b.topicId}.`]
}

function agreement([a, b]: Rows): string {
  if (a.verdict === 'same') return `Both copies agree up to offset ${a.logEndOffset}, where they end.`
  if (a.logEndOffset === b.logEndOffset) {
    return `Both copies end at offset ${a.logEndOffset}, and agree where both have records.`
  }
  const [behind, ahead] = a.verdict === 'behind' ? [a, b] : [b, a]
  const count = subtractInt64(ahead.logEndOffset, behind.logEndOffset)
  if (behind.logEndOffset < ahead.logStartOffset) {
    return `${behind.folder} ends at ${behind.logEndOffset}, before ${ahead.folder} starts: they have nothing in common to compare.`
  }
  return `${behind.folder} is behind by ${count} ${count === 1 ? 'offset' : 'offsets'}: both agree up to ${behind.logEndOffset}.`
}

function starts([a, b]: Rows): string[] {
  if (a.logStartOffset === b.logStartOffset) return []
  return [`They start at ${a.logStartOffset} and ${b.logStartOffset}, which retention makes normal.`]
}

function onlyHere({ folder, onlyHere, firstOnlyHere }: ReplicaRow): string[] {
  if (onlyHere === 0) return []
  return [
    `${onlyHere} records from offset ${firstOnlyHere} on are in ${folder} only. In a compacted topic the other's cleaner came further; elsewhere the other has lost them.`,
  ]
}

function truncation(row: ReplicaRow, other: ReplicaRow | undefined): string[] {
  const { folder, truncatesTo, losesOffsets, partsAtOffset, highWatermark } = row
  if (truncatesTo === null) return []
  const first = `${folder} would cut its log at ${truncatesTo} to follow ${other?.folder}, and lose ${losesOffsets} ${losesOffsets === 1 ? 'offset' : 'offsets'}`
  return [`${first}${consequence(truncatesTo, partsAtOffset, highWatermark)}.`]
}

function consequence(truncatesTo: Int64, partsAt: Int64 | null, highWatermark: Int64 | null): string {
  if (partsAt !== null && truncatesTo > partsAt) {
    return `; the epochs do not show that they part at ${partsAt}, so it would stay different`
  }
  if (highWatermark === null || truncatesTo >= highWatermark) return ''
  return `, of which those below ${highWatermark} were committed here`
}
