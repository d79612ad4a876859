import { describe, expect, it } from 'vitest'
import { QuotaLimits } from '../../../../src/lib/broker/quotas/quota-limits.ts'
import { Sensors } from '../../../../src/lib/broker/quotas/sensors.ts'

type Entity = readonly [user: string | null | undefined, clientId: string | null | undefined]

/** Kafka's levels, the one that counts most first; each has its place as its limit. */
const levels: readonly Entity[] = [
  ['alice', 'app'],
  ['alice', null],
  ['alice', undefined],
  [null, 'app'],
  [null, null],
  [null, undefined],
  [undefined, 'app'],
  [undefined, null],
]

function limitsFrom(first: number): QuotaLimits {
  const quotas = levels.slice(first).map(([user, clientId], i) => {
    const entity = new Map<string, string | null>()
    if (user !== undefined) entity.set('user', user)
    if (clientId !== undefined) entity.set('client-id', clientId)
    return { entity, values: new Map([['producer_byte_rate', first + i + 1]]) }
  })
  return new QuotaLimits(quotas, 'producer_byte_rate')
}

const limitOf = (limits: QuotaLimits, user: string, clientId: string) =>
  limits.limitOf(limits.sharer(user, clientId))

describe('the limit of a client', () => {
  it.each(levels.map((_, i) => i))('is of the first level that is set: the %i. of Kafka’s eight', (first) => {
    expect(limitOf(limitsFrom(first), 'alice', 'app')).toBe(first + 1)
  })

  it('is of the levels that are for all, for others', () => {
    const limits = limitsFrom(0)
    expect(limitOf(limits, 'bob', 'app')).toBe(4)
    expect(limitOf(limits, 'bob', 'other')).toBe(5)
    expect(limitOf(limitsFrom(5), 'bob', 'app')).toBe(6)
    expect(limitOf(limitsFrom(7), 'bob', 'other')).toBe(8)
    expect(limitOf(limitsFrom(7), 'bob', '')).toBeUndefined()
  })

  it('is not there where nothing of this kind is set', () => {
    expect(limitsFrom(levels.length).isEmpty).toBe(true)
    expect(limitOf(limitsFrom(levels.length), 'alice', 'app')).toBeUndefined()
  })
})

describe('who shares a rate', () => {
  it('are the clients of a user, or of an id, or of both, as the level that counts has it', () => {
    expect(limitsFrom(0).sharer('alice', 'app')).toEqual({ user: 'alice', clientId: 'app' })
    expect(limitsFrom(2).sharer('alice', 'app')).toEqual({ user: 'alice', clientId: '' })
    expect(limitsFrom(3).sharer('bob', 'app')).toEqual({ user: 'bob', clientId: 'app' })
    expect(limitsFrom(5).sharer('bob', 'app')).toEqual({ user: 'bob', clientId: '' })
    expect(limitsFrom(6).sharer('bob', 'app')).toEqual({ user: '', clientId: 'app' })
  })
})

describe('sensors', () => {
  it('are forgotten an hour after they were last needed', () => {
    const sensors = new Sensors(() => ({}))
    const first = sensors.get('a', 0)
    for (let i = 0; i < 100; i++) sensors.get(`made up ${i}`, 1000)
    expect(sensors.get('a', 3_000_000)).toBe(first)
    sensors.get('b', 3_700_000)
    expect(sensors.size).toBe(2)
    expect(sensors.get('a', 3_700_000)).toBe(first)
  })
})
