import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { type PartitionerName, partitionerOf } from '../../../../src/lib/client/produce/partitioners.ts'
import { systemRandom } from '../../../../src/lib/ports/random.ts'
import { goldenLines } from '../../../golden/vectors.ts'

const spread = (count: number) => ({ count, available: Array.from({ length: count }, (_, i) => i) })
const of = (name: PartitionerName) => partitionerOf(name, systemRandom)

it('murmur2 puts every key where Java puts it', () => {
  const lines = goldenLines<{ key: string; partition: Record<string, number> }>(
    'wire/tables/murmur2.ndjson.gz',
  )
  for (const { key, partition } of lines) {
    for (const [count, place] of Object.entries(partition)) {
      expect(of('murmur2').partitionOf(Buffer.from(key, 'hex'), spread(Number(count))), key).toBe(place)
    }
  }
})

it('librdkafka puts every key where kcat has put it', () => {
  const golden = new URL('../../../golden/partitioners/librdkafka.json', import.meta.url)
  const { partitions, partitionOf } = JSON.parse(readFileSync(golden, 'utf8'))
  for (const [key, place] of Object.entries(partitionOf)) {
    expect(of('librdkafka').partitionOf(Buffer.from(key), spread(partitions)), key).toBe(place)
  }
})

it('a key goes to its partition whether that has a leader or not', () => {
  const sick = { count: 3, available: [0] }
  expect(of('murmur2').partitionOf(Buffer.from('a'), sick)).toBe(
    of('murmur2').partitionOf(Buffer.from('a'), spread(3)),
  )
})

it.each<PartitionerName>(['murmur2', 'librdkafka', 'sticky'])(
  '%s keeps to one partition until its batch is closed',
  (name) => {
    const partitioner = of(name)
    const three = spread(3)
    const first = partitioner.partitionOf(null, three)
    expect(Array.from({ length: 20 }, () => partitioner.partitionOf(null, three))).toEqual(
      Array(20).fill(first),
    )
    partitioner.batchClosed((first + 1) % 3)
    expect(partitioner.partitionOf(null, three)).toBe(first)
    partitioner.batchClosed(first)
    expect(partitioner.partitionOf(null, three)).not.toBe(first)
  },
)

it('an empty key is a key to Java, and none to librdkafka', () => {
  const empty = Buffer.alloc(0)
  const places = Array.from({ length: 60 }, () => of('murmur2').partitionOf(empty, spread(5)))
  expect(new Set(places).size).toBe(1)
  expect(
    new Set(Array.from({ length: 60 }, () => of('librdkafka').partitionOf(empty, spread(5)))).size,
  ).toBeGreaterThan(1)
})

it('round-robin goes around those that have a leader', () => {
  const partitioner = of('round-robin')
  const places = Array.from({ length: 6 }, () =>
    partitioner.partitionOf(Buffer.from('k'), { count: 5, available: [1, 2, 4] }),
  )
  expect(places.slice(0, 3).sort()).toEqual([1, 2, 4])
  expect(places.slice(3)).toEqual(places.slice(0, 3))
})

it('records without a key leave a partition that has lost its leader', () => {
  const partitioner = of('sticky')
  const first = partitioner.partitionOf(null, spread(2))
  expect(partitioner.partitionOf(null, { count: 2, available: [1 - first] })).toBe(1 - first)
})

it('random goes everywhere', () => {
  const partitioner = of('random')
  const places = new Set(Array.from({ length: 200 }, () => partitioner.partitionOf(null, spread(4))))
  expect([...places].sort()).toEqual([0, 1, 2, 3])
})
