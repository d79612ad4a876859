import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BrokerInProcess, brokerInProcess } from '../support/broker-in-process.ts'
import { LiveWriter } from '../support/live-writer.ts'
import { runLive } from '../support/run-live.ts'

const SAMPLE = /^([a-z_]+)(?:\{((?:[a-z_]+="(?:[^"\\\n]|\\[\\"n])*",?)*)\})? (-?\d+(?:\.\d+)?)$/

const HOSTILE = 'hostile"\\name'

interface Family {
  readonly type: string
  readonly samples: Map<string, number>
}

/** What Prometheus' parser holds a text to: each metric in one place, told what it is first, no sample twice. */
function families(text: string): Map<string, Family> {
  expect(text.endsWith('\n')).toBe(true)
  const found = new Map<string, Family>()
  let current = ''
  for (const line of text.slice(0, -1).split('\n')) {
    const [, helped] = /^# HELP (\S+) \S/.exec(line) ?? []
    const [, typed, type = ''] = /^# TYPE (\S+) (gauge|counter)$/.exec(line) ?? []
    if (helped !== undefined) {
      expect(found.has(helped), `${helped} stands in two places`).toBe(false)
      current = helped
    } else if (typed !== undefined) {
      expect(typed).toBe(current)
      found.set(typed, { type, samples: new Map() })
    } else {
      const [, name = '', labels = '', value] = SAMPLE.exec(line) ?? []
      expect(name, line).toBe(current)
      expect(found.get(name)?.samples.has(labels), line).toBe(false)
      found.get(name)?.samples.set(labels, Number(value))
    }
  }
  return found
}

describe('-o prom', () => {
  let local: BrokerInProcess
  let writer: LiveWriter

  beforeAll(async () => {
    local = await brokerInProcess()
    writer = new LiveWriter(local.bootstrap)
    await writer.topic('orders', 2)
    await writer.write('orders', 0, { count: 1 })
    for (const group of ['billing', HOSTILE]) await writer.commit(group, 'orders', { 0: 0, 1: 0 })
  })
  afterAll(async () => {
    await writer[Symbol.asyncDispose]()
    await local[Symbol.asyncDispose]()
  })

  const told = async (name: string, ...argv: string[]) => {
    const { stdout, status } = await runLive(name, local.bootstrap, [...argv, '-o', 'prom'])
    return { status, families: families(stdout) }
  }

  it.each([
    ['lag', ['--all', '--time']],
    ['lag', ['--all', '--by', 'group']],
    ['lag', ['--all', '--by', 'topic']],
    ['groups describe', ['--all']],
    ['groups describe', ['--all', '--members']],
    ['groups status', ['--samples', '2', '--every', '10ms']],
    ['offsets get', ['orders']],
    ['cluster health', []],
  ])('of %s %j is what Prometheus reads, and calls its metrics as Prometheus would', async (name, argv) => {
    const { families: found } = await told(name, ...argv)
    expect(found.size).toBeGreaterThan(0)
    for (const [metric, { type }] of found) {
      expect(metric).toMatch(/^ktool(_[a-z]+)+$/)
      // Suffixes that mean another type of metric, and units that are not the base.
      expect(metric).not.toMatch(/_(count|sum|bucket|milliseconds|kilobytes)$/)
      expect(metric.endsWith('_total')).toBe(type === 'counter')
    }
  })

  it('has lag, totals, state, members and health of groups', async () => {
    const lag = await told('lag', '--all')
    expect(
      lag.families.get('ktool_group_lag')?.samples.get('group="billing",topic="orders",partition="0"'),
    ).toBe(1)
    expect([...(lag.families.get('ktool_group_lag')?.samples.keys() ?? [])]).toContain(
      'group="hostile\\"\\\\name",topic="orders",partition="1"',
    )
    const sums = await told('lag', '--all', '--by', 'group')
    expect([...(sums.families.get('ktool_group_total_lag')?.samples.values() ?? [])]).toEqual([1, 1])
    const groups = await told('groups describe', '--all')
    const billing = 'group="billing",type="Classic",state="Empty",protocol_type=""'
    expect(groups.families.get('ktool_group_info')?.samples.get(billing)).toBe(1)
    expect(groups.families.get('ktool_group_members')?.samples.get('group="billing"')).toBe(0)
    const status = await told('groups status', '--samples', '2', '--every', '10ms')
    expect(status.families.get('ktool_group_status')?.samples.size).toBe(2)
  })
})
