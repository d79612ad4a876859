import { expect, it } from 'vitest'
import { murmur2, partitionOfKey, toPositive } from '../../../src/lib/bytes/murmur2.ts'
import { goldenLines } from '../../golden/vectors.ts'

interface Line {
  key: string
  murmur2: number
  toPositive: number
  partition: Record<string, number>
}

it('hashes and places every key of the table as Kafka does', () => {
  const lines = goldenLines<Line>('wire/tables/murmur2.ndjson.gz')
  expect(lines.length).toBe(361)

  for (const line of lines) {
    const key = Buffer.from(line.key, 'hex')
    const placed = Object.keys(line.partition).map((count) => [count, partitionOfKey(key, Number(count))])
    expect(murmur2(key), line.key).toBe(line.murmur2)
    expect(toPositive(murmur2(key)), line.key).toBe(line.toPositive)
    expect(Object.fromEntries(placed), line.key).toEqual(line.partition)
  }
})
