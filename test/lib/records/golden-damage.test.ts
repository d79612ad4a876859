import { expect, it } from 'vitest'
import { DataError } from '../../../src/lib/errors.ts'
import { LENGTH, LOG_OVERHEAD } from '../../../src/lib/records/batch-layout.ts'
import { openRecords } from '../../../src/lib/records/open-records.ts'
import { batchAt, scanBatches } from '../../../src/lib/records/scan-batches.ts'
import { randomDraw, seedOfRun } from '../../random.ts'
import { goldenLogs } from './golden-logs.ts'
import { sealed } from './samples.ts'

const MUTANTS = Number(process.env.KTOOL_MUTANTS ?? 4000)
const MAX_BYTES = 1 << 20

/** Reads all there is to read; what is wrong with it has to come as a DataError that names the place. */
function outcomeOf(bytes: Buffer): 'records' | 'error' {
  try {
    const batch = batchAt(bytes, 0, 77)
    if (batch.kind === 'damage') return 'error'
    const cursor = openRecords(batch, { maxBytes: MAX_BYTES })
    while (cursor.next()) cursor.headers()
    return 'records'
  } catch (error) {
    if (!(error instanceof DataError) || error.details.position !== 77) throw error
    return 'error'
  }
}

it('reads or refuses what brokers wrote and chance has damaged, the CRC made good', () => {
  const seed = seedOfRun()
  const draw = randomDraw(seed)
  const below = (limit: number) => Math.floor(draw() * limit)
  const raws = goldenLogs('segments', 'expected/segments')
    .flatMap(({ bytes }) => [...scanBatches(bytes)])
    .flatMap((found) => (found.kind === 'batch' && found.sizeBytes < 10_000 ? [found.raw] : []))
  const outcomes = { records: 0, error: 0 }

  for (let mutant = 0; mutant < MUTANTS; mutant++) {
    const bytes = Buffer.from(raws[below(raws.length)] ?? Buffer.alloc(0))
    for (let changes = 1 + below(3); changes > 0; changes--) {
      bytes.writeUInt8(below(256), LOG_OVERHEAD + below(bytes.length - LOG_OVERHEAD))
    }
    const cut = below(4) === 0 ? bytes.subarray(0, bytes.length - below(30)) : bytes
    if (cut.length > LOG_OVERHEAD) cut.writeInt32BE(cut.length - LOG_OVERHEAD, LENGTH)
    const isBatch = batchAt(cut, 0).kind === 'batch'
    try {
      outcomes[outcomeOf(isBatch ? sealed(cut) : cut)]++
    } catch (error) {
      throw new Error(`KTOOL_SEED=${seed}, mutant ${mutant}: ${cut.toString('hex')}`, { cause: error })
    }
  }

  expect(outcomes.records, `KTOOL_SEED=${seed}`).toBeGreaterThan(MUTANTS / 20)
  expect(outcomes.error, `KTOOL_SEED=${seed}`).toBeGreaterThan(MUTANTS / 20)
})
