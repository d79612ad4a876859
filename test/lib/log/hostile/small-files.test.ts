import { beforeAll, describe, expect, it } from 'vitest'
import { KtoolError } from '../../../../src/lib/errors.ts'
import { parseFileName } from '../../../../src/lib/log/files/file-names.ts'
import { parseLeaderEpochs } from '../../../../src/lib/log/files/leader-epoch-checkpoint.ts'
import { parseMetaProperties } from '../../../../src/lib/log/files/meta-properties.ts'
import { parseOffsetCheckpoint } from '../../../../src/lib/log/files/offset-checkpoint.ts'
import { parseOffsetIndex } from '../../../../src/lib/log/files/offset-index.ts'
import { parsePartitionMetadata } from '../../../../src/lib/log/files/partition-metadata.ts'
import { parseProducerSnapshot } from '../../../../src/lib/log/files/producer-snapshot.ts'
import { parseTimeIndex } from '../../../../src/lib/log/files/time-index.ts'
import { parseTransactionIndex } from '../../../../src/lib/log/files/transaction-index.ts'
import { otherFiles, type Subject } from './corpus.ts'
import { resealedSnapshot } from './reseal.ts'
import { outcome, patienceMs, sayChoice, tryMutants } from './run.ts'

const PART = 1500

/** A whole file and its mutants are read by the same function; those that are not read have to say why. */
const readers: readonly [RegExp, (bytes: Buffer, file: string) => unknown][] = [
  [/\.index$/, (bytes, file) => parseOffsetIndex(bytes, baseOffsetOf(file))],
  [/\.timeindex$/, (bytes, file) => parseTimeIndex(bytes, baseOffsetOf(file))],
  [/\.txnindex$/, parseTransactionIndex],
  [/\.snapshot$/, parseProducerSnapshot],
  [/^leader-epoch-checkpoint$/, parseLeaderEpochs],
  [/-offset-checkpoint$/, parseOffsetCheckpoint],
  [/^partition\.metadata$/, parsePartitionMetadata],
  [/^meta\.properties$/, parseMetaProperties],
]

function readerOf({ file, name }: Subject): (bytes: Buffer) => unknown {
  const [, read] = readers.find(([pattern]) => pattern.test(file)) ?? expect.fail(`nobody reads ${name}`)
  return (bytes) => read(bytes, file)
}

function baseOffsetOf(file: string): number {
  return Number(parseFileName(file)?.baseOffset)
}

const read = otherFiles.filter(({ file }) => readers.some(([pattern]) => pattern.test(file)))

beforeAll(sayChoice)

describe('a small file in any state is read or refused', () => {
  it.each(read)('$name', { timeout: patienceMs }, async (subject) => {
    const reader = readerOf(subject)
    expect(outcome(() => reader(subject.bytes))).not.toBeInstanceOf(KtoolError)
    await tryMutants(subject, PART, ({ bytes }) => {
      const found = outcome(() => reader(bytes))
      if (found instanceof KtoolError) expect(found.message).toMatch(/\S/)
    })
  })
})

describe('a producer snapshot', () => {
  it.each(read.filter(({ file }) => file.endsWith('.snapshot')))(
    'is refused when its CRC says so, and read or refused when that is made good: $name',
    { timeout: patienceMs },
    async (subject) => {
      const whole = parseProducerSnapshot(subject.bytes)
      await tryMutants(subject, PART, ({ bytes }) => {
        if (bytes.equals(subject.bytes)) return
        const found = outcome(() => parseProducerSnapshot(bytes))
        // Beyond the bytes that the CRC is of there is nothing but what was appended.
        if (!(found instanceof KtoolError)) expect(found).toEqual(whole)
        outcome(() => parseProducerSnapshot(resealedSnapshot(bytes)))
      })
    },
  )
})
