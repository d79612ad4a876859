import { beforeAll, describe, it } from 'vitest'
import type { Int64 } from '../../../../src/lib/bytes/int64.ts'
import { parseFileName } from '../../../../src/lib/log/files/file-names.ts'
import { scanLog } from '../../../../src/lib/log/scan/scan-log.ts'
import { batchLayout, LENGTH, LOG_OVERHEAD } from '../../../../src/lib/records/batch-layout.ts'
import type { RecordBatch } from '../../../../src/lib/records/record-batch.ts'
import { scanBatches } from '../../../../src/lib/records/scan-batches.ts'
import { embedding, logs, type Subject } from './corpus.ts'
import { fileOf } from './memory-disk.ts'
import type { Mutant } from './mutants.ts'
import { must, recordsOf, Written } from './reading.ts'
import { resealedLog } from './reseal.ts'
import { patienceMs, sayChoice, tryMutants } from './run.ts'

const PART = 500
const CHUNK_BYTES = 512

beforeAll(sayChoice)

/** Where more than one place is damaged, nothing tells any more that a batch was the value of a record. */
const plain = logs.filter(({ name }) => name !== embedding.name)

describe('a scan of a damaged log', () => {
  it.each(plain)('finds what is sound and nothing else: $name', { timeout: patienceMs }, async (subject) => {
    const written = new Written(subject.bytes)
    await tryMutants(subject, PART, (mutant) => {
      const sound = scan(subject, mutant.bytes, written)
      const whole = notTorn(mutant, stillWhole(written, mutant))
      expectFound(notWithin(soundIn(mutant.bytes), whole), sound)
    })
  })

  it.each(plain)(
    'finds it beside batches whose CRC was made good: $name',
    { timeout: patienceMs },
    async (subject) => {
      const written = new Written(subject.bytes)
      await tryMutants(subject, PART, (mutant) => {
        const bytes = resealedLog(mutant.bytes)
        const sound = scan(subject, bytes, null)
        const whole = sameIn(mutant.bytes, bytes, stillTold(bytes, stillWhole(written, mutant)))
        expectFound(beforeTorn(bytes, whole), sound)
      })
    },
  )
})

describe('a scan of a damaged log whose values are batches', () => {
  it('does not take them for its own', { timeout: patienceMs }, async () => {
    const written = new Written(embedding.bytes)
    await tryMutants(embedding, 5000, (mutant) => {
      if (!/flipped|cut|behind it/.test(mutant.how)) return
      expectFound(stillWhole(written, mutant), scan(embedding, mutant.bytes, written))
    })
  })
})

/** Where sound batches are. What is found has to fill the file; what is sound has to have been written, and to be read. */
function scan(subject: Subject, bytes: Buffer, written: Written | null): Map<number, Int64> {
  const sound = new Map<number, Int64>()
  const baseOffset = baseOffsetOf(subject)
  let end = 0
  for (const scanned of scanLog(fileOf('a.log', bytes), { baseOffset, chunkBytes: CHUNK_BYTES })) {
    const { position, sizeBytes } = scanned.kind === 'batch' ? scanned.batch : scanned.damage
    must(position === end && sizeBytes > 0, `${position} was found, not ${end}`)
    end += sizeBytes
    if (scanned.kind === 'gap' || scanned.damage !== null) continue
    sound.set(position, scanned.batch.lastOffset)
    const records = recordsOf(scanned.batch)
    if (written === null) continue
    must(written.hasSealed(scanned.batch), `nobody wrote the batch at ${position}`)
    must(!written.has(scanned.batch) || typeof records === 'number', `no records of the batch at ${position}`)
  }
  must(end === bytes.length, `it ended at ${end}`)
  return sound
}

/** A snapshot of the quorum is called by the offset that it ends at. */
function baseOffsetOf({ file }: Subject): Int64 {
  const said = parseFileName(file)
  return said?.kind === 'log' ? said.baseOffset : 0
}

interface Place {
  readonly position: number
  readonly lastOffset: Int64
}

function stillWhole({ batches }: Written, { kept }: Mutant): Place[] {
  if (breaksTwoFields(batches, kept)) return []
  return batches.flatMap(({ position, sizeBytes, lastOffset }) => {
    const part = kept.find(({ from, to }) => from <= position && position + sizeBytes <= to)
    return part === undefined ? [] : [{ position: position + part.shift, lastOffset }]
  })
}

/** Offsets only grow: what stands behind a sound batch of later offsets cannot be told from a copy in a record. */
function expectFound(whole: readonly Place[], sound: ReadonlyMap<number, Int64>): void {
  for (const { position, lastOffset } of whole) {
    if (sound.has(position)) continue
    const isLate = [...sound].some(([other, offset]) => other < position && offset >= lastOffset)
    must(isLate, `the batch that is whole at ${position} was not found`)
  }
}

/** A batch that has become sound may have taken in its neighbours: then nobody can tell. */
function stillTold(bytes: Buffer, whole: readonly Place[]): Place[] {
  return notWithin(framedIn(bytes), whole)
}

function notWithin(batches: readonly RecordBatch[], whole: readonly Place[]): Place[] {
  return whole.filter(({ position }) =>
    batches.every((batch) => batch.position >= position || batch.position + batch.sizeBytes <= position),
  )
}

function framedIn(bytes: Buffer): RecordBatch[] {
  return [...scanBatches(bytes)].flatMap((found) => (found.kind === 'batch' ? [found] : []))
}

/** The byte that a batch has lost may be the same as the first one of its neighbour, and most often both are zero. */
function soundIn(bytes: Buffer): RecordBatch[] {
  return framedIn(bytes).filter((batch) => batch.damage() === null)
}

/** What looks like a batch, and is none, has its checksum made good too, in the midst of another. */
function sameIn(before: Buffer, after: Buffer, whole: readonly Place[]): Place[] {
  return whole.filter(({ position }) => {
    const end = position + LOG_OVERHEAD + before.readInt32BE(position + LENGTH)
    return before.subarray(position, end).equals(after.subarray(position, end))
  })
}

function notTorn({ bytes, kept }: Mutant, whole: readonly Place[]): readonly Place[] {
  const isInPlace = kept.length < 2 || kept.every(({ shift }, i) => shift === 0 && i < 2)
  return isInPlace ? whole : beforeTorn(bytes, whole)
}

/**
 * Where pieces were moved, a whole header may promise more than the file has, or just as much. It is then as if the file
 * had been torn in that batch, or as if its content were damaged, and what follows its records.
 */
function beforeTorn(bytes: Buffer, whole: readonly Place[]): readonly Place[] {
  const torn = [...scanBatches(bytes)].find((found) =>
    found.kind === 'damage'
      ? found.reason === 'cut'
      : found.position + found.sizeBytes === bytes.length && found.damage() !== null,
  )
  return whole.filter(({ position }) => torn === undefined || position < torn.position)
}

/** A write over the end of a batch, or over its offset and its length: no single field that can be made out is wrong. */
function breaksTwoFields(batches: Written['batches'], [before, behind]: Mutant['kept']): boolean {
  if (before === undefined || behind === undefined) return false
  return batches.some(({ position }) => {
    // Two halves of headers, put together.
    if (behind.shift !== 0) return position < before.to && before.to < position + batchLayout.records
    const isAcross = (place: number) => before.to < place && place < behind.from
    return isAcross(position) || isAcross(position + LENGTH) || isAcross(position + LOG_OVERHEAD)
  })
}
