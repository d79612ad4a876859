import { beforeAll, describe, it } from 'vitest'
import { BatchFeed } from '../../../../src/lib/log/batch-feed.ts'
import type { Damage } from '../../../../src/lib/records/damage.ts'
import type { RecordBatch } from '../../../../src/lib/records/record-batch.ts'
import { embedding, logs } from './corpus.ts'
import { fileOf } from './memory-disk.ts'
import { must, recordsOf, Written } from './reading.ts'
import { resealedLog } from './reseal.ts'
import { patienceMs, sayChoice, tryMutants } from './run.ts'

const PART = 400
const CHUNK_BYTES = 512

beforeAll(sayChoice)

/** Where pieces are missing, a length may lead to a batch that was the value of a record. */
const plain = logs.filter(({ name }) => name !== embedding.name)

describe('a log in any state is walked to its end', () => {
  it.each(plain)('$name', { timeout: patienceMs }, async (subject) => {
    const written = new Written(subject.bytes)
    await tryMutants(subject, PART, ({ bytes }) => {
      for (const found of walk(bytes)) {
        if (found.kind === 'damage' || found.damage() !== null) continue
        must(written.hasSealed(found), `nobody wrote the batch at ${found.position}`)
        const records = recordsOf(found)
        must(
          !written.has(found) || typeof records === 'number',
          `no records of the batch at ${found.position}`,
        )
      }
    })
  })

  it.each(logs)('though its CRCs are good: $name', { timeout: patienceMs }, async (subject) => {
    await tryMutants(subject, PART, ({ bytes }) => {
      for (const found of walk(resealedLog(bytes))) if (found.kind === 'batch') recordsOf(found)
    })
  })
})

/** What the feed finds, which has to fill the file. A batch is a view that is good until the next is asked for. */
function* walk(bytes: Buffer): Generator<RecordBatch | Damage> {
  let end = 0
  for (const found of new BatchFeed(fileOf('a.log', bytes), { chunkBytes: CHUNK_BYTES })) {
    must(found.position === end && found.sizeBytes > 0, `${found.position} was found, not ${end}`)
    end += found.sizeBytes
    yield found
  }
  must(end === bytes.length, `it ended at ${end}`)
}
