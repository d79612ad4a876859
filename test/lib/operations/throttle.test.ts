import { describe, expect, it } from 'vitest'
import type { ThrottleConfig } from '../../../src/lib/model/reassignments.ts'
import {
  joinedMarks,
  type ThrottledMove,
  throttleEdits,
  throttleMarks,
  unthrottleEdits,
} from '../../../src/lib/operations/throttle.ts'

const LEADERS = 'leader.replication.throttled.replicas'
const FOLLOWERS = 'follower.replication.throttled.replicas'
const RATE = 'leader.replication.throttled.rate'
const moves: readonly ThrottledMove[] = [
  { topic: 'orders', partition: 0, before: [1, 2], after: [2, 3] },
  { topic: 'orders', partition: 1, before: [1, 2], after: [2, 1] },
]

function current(values: Readonly<Record<string, string>> = {}): ThrottleConfig[] {
  const brokers = ['1', '2', '3'].flatMap((resource) =>
    [RATE, 'follower.replication.throttled.rate'].map((name) => ({
      type: 'brokers' as const,
      resource,
      name,
    })),
  )
  const topics = [LEADERS, FOLLOWERS].map((name) => ({ type: 'topics' as const, resource: 'orders', name }))
  return [...brokers, ...topics].map((each) => ({
    ...each,
    value: values[`${each.resource} ${each.name}`] ?? null,
  }))
}

/** What is set after some edits. */
function edited(
  configs: readonly ThrottleConfig[],
  edits: ReturnType<typeof throttleEdits>,
): ThrottleConfig[] {
  return configs.map((config) => {
    const edit = edits.find((each) => each.resource === config.resource && each.name === config.name)
    if (edit === undefined) return config
    const entries = (config.value ?? '').split(',').filter((entry) => entry !== '')
    const given = edit.value.split(',')
    const value = {
      set: edit.value,
      unset: null,
      add: [...entries, ...given].join(','),
      take: entries.filter((entry) => !given.includes(entry)).join(','),
    }[edit.edit]
    return { ...config, value }
  })
}

function valuesOf(configs: readonly ThrottleConfig[]): Record<string, string> {
  return Object.fromEntries(
    configs.flatMap(({ resource, name, value }) => (value === null ? [] : [[`${resource} ${name}`, value]])),
  )
}

describe('a throttle', () => {
  it('holds for the brokers and replicas between which something is copied, and for no others', () => {
    const set = valuesOf(edited(current(), throttleEdits(throttleMarks(moves, 500, current()))))
    expect(set).toMatchObject({ [`orders ${LEADERS}`]: '0:1,0:2', [`orders ${FOLLOWERS}`]: '0:3' })
    expect(Object.keys(set)).toHaveLength(8)
  })

  it.each([
    [{}],
    [{ [`1 ${RATE}`]: '77' }],
    [{ [`orders ${LEADERS}`]: '0:1,5:2', [`orders ${FOLLOWERS}`]: '*' }],
  ])('leaves what was set before as it was: %j', (values) => {
    const before = current(values)
    const marks = throttleMarks(moves, 500, before)
    const during = edited(before, throttleEdits(marks))
    expect(valuesOf(edited(during, unthrottleEdits(marks, during)))).toEqual(values)
  })

  it('leaves what somebody else has set meanwhile', () => {
    const marks = throttleMarks(moves, 500, current())
    const during = edited(current(), throttleEdits(marks))
    const others = during.map((config) => {
      if (config.resource === '2' && config.name === RATE) return { ...config, value: '9' }
      return config.name === LEADERS ? { ...config, value: `${config.value},7:1` } : config
    })
    const after = valuesOf(edited(others, unthrottleEdits(marks, others)))
    expect(after).toEqual({ [`2 ${RATE}`]: '9', [`orders ${LEADERS}`]: '7:1' })
  })

  it('of a run that was killed is gone after the next one, whatever its rate and its moves are', () => {
    const killed = throttleMarks(moves, 500, current())
    const left = edited(current(), throttleEdits(killed))
    const other = [{ topic: 'orders', partition: 4, before: [1], after: [3] }]
    const planned = joinedMarks(killed, throttleMarks(other, 900, left))
    // Before it is done, it looks once more.
    const marks = joinedMarks(planned, throttleMarks(other, 900, left))
    const during = edited(left, throttleEdits(throttleMarks(other, 900, left)))
    const after = valuesOf(edited(during, unthrottleEdits(marks, during)))
    expect(after).toEqual({})
  })

  it('that is changed between the plan and its run is brought back to what it was last', () => {
    const planned = throttleMarks(moves, 500, current())
    const later = current({ [`1 ${RATE}`]: '88' })
    const fresh = throttleMarks(moves, 500, later)
    const during = edited(later, throttleEdits(fresh))
    const after = edited(during, unthrottleEdits(joinedMarks(planned, fresh), during))
    expect(valuesOf(after)).toEqual({ [`1 ${RATE}`]: '88' })
  })

  it('leaves a broker alone that could not be asked', () => {
    const known = current().filter(({ resource }) => resource !== '3')
    const marks = throttleMarks(moves, 500, known)
    expect(marks.some(({ resource }) => resource === '3')).toBe(false)
  })
})
