import { describe, expect, it } from 'vitest'
import { UsageError } from '../../../src/lib/errors.ts'
import {
  formatPartitions,
  includesPartition,
  parsePartitions,
  parseTopicPartitions,
  partitionRanges,
} from '../../../src/lib/values/partitions.ts'

describe('a list of partitions', () => {
  it.each([
    ['0', '0'],
    ['0,2-5', '0,2-5'],
    ['5,0,2', '0,2,5'],
    ['1-3,2-7', '1-7'],
    ['1,2,3', '1-3'],
    ['8-', '8-'],
    ['0, 2', '0,2'],
    ['4-4', '4'],
    ['0-2147483647', '0-'],
  ])('written as %s means %s', (text, meaning) => {
    expect(formatPartitions(parsePartitions(text))).toBe(meaning)
  })

  it.each(['', ',', '-', '-3', '5-2', 'a', '1,,2', '1.5', '2147483648', '0x1', '1--2'])(
    'is refused as "%s"',
    (text) => {
      expect(() => parsePartitions(text)).toThrow(UsageError)
    },
  )

  it('is made of numbers too, and of those that no partition can have', () => {
    expect(formatPartitions(partitionRanges([5, 0, 2, 1, 1]))).toBe('0-2,5')
    expect(partitionRanges([-2, 7])).toEqual([
      { first: -2, last: -2 },
      { first: 7, last: 7 },
    ])
  })

  it('holds both ends of a range, and all that follow an open one', () => {
    const ranges = parsePartitions('0,2-5,90-')

    expect([0, 1, 2, 5, 6, 89, 90, 91_000].filter((each) => includesPartition(ranges, each))).toEqual([
      0, 2, 5, 90, 91_000,
    ])
  })

  it('follows the topic that it belongs to', () => {
    expect(parseTopicPartitions('orders.v1:0,2')).toEqual({
      topic: 'orders.v1',
      ranges: [
        { first: 0, last: 0 },
        { first: 2, last: 2 },
      ],
    })
  })

  it('may be left out, and is then every partition', () => {
    expect(parseTopicPartitions('orders')).toEqual({ topic: 'orders' })
  })

  it.each(['', ':0', 'orders:'])('needs a topic and something after the colon, unlike "%s"', (text) => {
    expect(() => parseTopicPartitions(text)).toThrow(UsageError)
  })
})
