import { expect, it } from 'vitest'
import { TimelineMap } from '../../../src/lib/broker/timeline-map.ts'

function mapOf(keys: readonly string[]): TimelineMap<number> {
  const map = new TimelineMap<number>()
  for (const [i, key] of keys.entries()) map.set(key, i)
  return map
}

/** As Kafka 4.3.1 named the members of a group that had come in this order. */
it.each([
  [
    'wxjOZ1SMD59HjiX02utZLw fxHE9AF757CO-0rEXHazAQ a3287vp4WclEwIdXdAJ8ig',
    'a3287vp4WclEwIdXdAJ8ig fxHE9AF757CO-0rEXHazAQ wxjOZ1SMD59HjiX02utZLw',
  ],
  [
    'ksbaql-ws3f64bat88MOEA uQACetyarsmVlBJfh9Zpdg uAl0E8N7fClDjTEVtnrL4Q',
    'ksbaql-ws3f64bat88MOEA uAl0E8N7fClDjTEVtnrL4Q uQACetyarsmVlBJfh9Zpdg',
  ],
])('goes through %s as Kafka’s timeline map does', (put, named) => {
  expect([...mapOf(put.split(' ')).keys()]).toEqual(named.split(' '))
})

it('is a map like any other, but for the order', () => {
  const names = Array.from({ length: 100 }, (_, i) => `member-${i}`)
  const map = mapOf(names)
  expect(new Map(map)).toEqual(new Map(names.map((name, i) => [name, i])))
  for (const name of names.slice(10)) expect(map.delete(name)).toBe(true)
  expect(map.delete('member-99')).toBe(false)
  expect([...map.values()].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  expect([map.size, map.has('member-3'), map.has('member-10')]).toEqual([10, true, false])
})

it('keeps the order that it had when there was more in it', () => {
  const few = mapOf(['aDSbwOoshe2NUdYiM0lx4w', 'kFwSDAkBF1qO3qfCSiqPXQ', 'k50fpW-nVhq-ZxZQCg9K6g'])
  const grown = mapOf([...few.keys(), ...Array.from({ length: 60 }, (_, i) => `${i}`)])
  for (let i = 0; i < 60; i++) grown.delete(`${i}`)
  expect([...grown.keys()].sort()).toEqual([...few.keys()].sort())
})

/** As Kafka 4.3.1 wrote tombstones for partitions that a group had committed. */
it('goes through numbers as Kafka’s timeline map does', () => {
  const partitions = new TimelineMap<string, number>()
  for (const each of [0, 5, 2, 6, 1]) partitions.set(each, '')
  for (const each of [0, 2, 6]) partitions.delete(each)
  expect([...partitions.keys()]).toEqual([5, 1])
})
