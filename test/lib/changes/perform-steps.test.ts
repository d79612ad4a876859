import { describe, expect, it } from 'vitest'
import { performSteps, type Running } from '../../../src/lib/changes/perform-steps.ts'
import { prepare, prepareKept, refresh } from '../../../src/lib/changes/prepare.ts'
import { FailedError } from '../../../src/lib/errors.ts'
import { type Change, newPlan, type PlanValue, type Step } from '../../../src/lib/model/plan.ts'

describe('doing the steps of a plan', () => {
  it('sends them together, and tells of each what became of it', async () => {
    const world = worldOf({ a: 1, b: 1 })
    const results = await perform(world.change, steps('a', 'b'))
    expect(results).toEqual(['a done', 'b done'])
    expect(world.requests).toEqual([['a', 'b']])
  })

  it('looks again until what was accepted is to be seen', async () => {
    const world = worldOf({ a: 1 }, { seenAfterLooks: 4 })
    expect(await perform(world.change, steps('a'))).toEqual(['a done'])
    expect(world.looks()).toBe(4)
  })

  it('fails what is not to be seen when the time is over', async () => {
    const world = worldOf({ a: 1 }, { seenAfterLooks: 99 })
    expect(await perform(world.change, steps('a'), { pauses: 3 })).toEqual(['a failed not-verified'])
  })

  it('believes what is there, and not an answer that got lost', async () => {
    const world = worldOf({ a: 1, b: 1 }, { refuses: ['a', 'b'], doesAllTheSame: ['a'] })
    expect(await perform(world.change, steps('a', 'b'))).toEqual(['a done', 'b failed refused'])
  })

  it('believes the answer where nobody is shown what was set', async () => {
    const world = worldOf({ a: 1 }, { seenAfterLooks: 99 })
    expect(await perform({ ...world.change, isUnseen: () => true }, steps('a'))).toEqual(['a done'])
  })

  it('begins nothing more once it is to stop, and still says what became of what was sent', async () => {
    const stop = new AbortController()
    const world = worldOf({ a: 1, b: 1, c: 1 }, { onSend: () => stop.abort() })
    const change = { ...world.change, atOnce: 1 }
    const results = await perform(change, steps('a', 'b', 'c'), { signal: stop.signal })
    expect(results).toEqual(['a done', 'b interrupted', 'c interrupted'])
    expect(world.requests).toEqual([['a']])
  })

  it('fails every step of a request that fails as a whole', async () => {
    const world = worldOf({ a: 1, b: 1 })
    const change: Change = {
      ...world.change,
      perform: () => Promise.reject(new FailedError('cut', 'the line was cut')),
    }
    expect(await perform(change, steps('a', 'b'))).toEqual(['a failed cut', 'b failed cut'])
  })

  it('lets a bug through', async () => {
    const change: Change = {
      ...worldOf({ a: 1 }).change,
      perform: () => Promise.reject(new TypeError('bug')),
    }
    await expect(perform(change, steps('a'))).rejects.toThrow(TypeError)
  })
})

describe('what of a plan is to be done', () => {
  it('is what changes anything, and what the cluster would not refuse', async () => {
    const { change } = worldOf({ a: 1, b: 1, c: 2 })
    const tried: Change = {
      ...change,
      tryOut: async (_plan, own) =>
        own.map(({ item }) => ({ item, outcome: item === 'b' ? new FailedError('no', 'no') : null })),
    }
    const same = { item: 'c', action: 'set', before: 2, after: 2 }
    const { todo, settled } = await prepare(tried, planOf([...steps('a', 'b'), same]))
    expect(todo.map(({ item }) => item)).toEqual(['a'])
    expect(settled.map(({ step, status }) => `${step.item} ${status}`)).toEqual(['c unchanged', 'b failed'])
  })

  it('is looked at again after somebody has thought about it', async () => {
    const world = worldOf({ a: 1, b: 1, c: 1 })
    const plan = planOf(steps('a', 'b', 'c'))
    const prepared = await prepare(world.change, plan)
    world.values.set('b', 2)
    world.values.set('c', 7)
    const { todo, settled } = await refresh(world.change, plan, prepared)
    expect(todo.map(({ item }) => item)).toEqual(['a'])
    expect(settled.map(({ step, status }) => `${step.item} ${status}`)).toEqual(['b unchanged', 'c failed'])
  })

  it('of a plan out of a file is all of it or nothing', async () => {
    const world = worldOf({ a: 1, b: 2 })
    const plan = planOf(steps('a', 'b'))
    expect((await prepareKept(world.change, plan, 'here')).todo.map(({ item }) => item)).toEqual(['a'])
    world.values.set('b', 9)
    await expect(prepareKept(world.change, plan, 'here')).rejects.toMatchObject({ code: 'stale-plan' })
    await expect(prepareKept(world.change, plan, 'there')).rejects.toMatchObject({ code: 'wrong-cluster' })
  })
})

interface Oddities {
  readonly seenAfterLooks?: number
  readonly refuses?: readonly string[]
  readonly doesAllTheSame?: readonly string[]
  readonly onSend?: () => void
}

/** Values by item, which a change takes from 1 to 2. */
function worldOf(start: Readonly<Record<string, PlanValue>>, odd: Oddities = {}) {
  const values = new Map(Object.entries(start))
  const sent = new Map<string, PlanValue>()
  const requests: string[][] = []
  let looks = 0
  const change: Change = {
    kind: 'test.set',
    isIrreversible: false,
    now: async (_plan, own) => {
      if (sent.size > 0) looks += 1
      if (looks >= (odd.seenAfterLooks ?? 1)) for (const [item, value] of sent) values.set(item, value)
      return own.map(({ item }) => ({ item, outcome: values.get(item) ?? null }))
    },
    perform: async (_plan, own) => {
      requests.push(own.map(({ item }) => item))
      odd.onSend?.()
      return own.map(({ item, after }) => {
        const isRefused = odd.refuses?.includes(item) === true
        if (!isRefused || odd.doesAllTheSame?.includes(item)) sent.set(item, after)
        return { item, outcome: isRefused ? new FailedError('refused', 'refused') : null }
      })
    },
  }
  return { values, change, requests, looks: () => looks }
}

function steps(...items: string[]): Step[] {
  return items.map((item) => ({ item, action: 'set', before: 1, after: 2 }))
}

function planOf(steps: readonly Step[]) {
  return newPlan('test.set', { clusterId: 'here', madeAtMs: 0 }, steps)
}

async function perform(
  change: Change,
  own: readonly Step[],
  { pauses = 10, ...running }: Partial<Running> & { readonly pauses?: number } = {},
): Promise<string[]> {
  let left = pauses
  const results = await performSteps(change, planOf(own), own, {
    pause: async () => {
      left -= 1
      return left >= 0
    },
    signal: new AbortController().signal,
    ...running,
  })
  return results.map(({ step, status, error }) => `${step.item} ${status}${error ? ` ${error.code}` : ''}`)
}
