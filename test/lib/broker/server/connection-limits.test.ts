import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../../../src/lib/ports/clock.ts'
import { LeapingClock } from '../../../../src/lib/ports/leaping-clock.ts'
import { incrementalAlterConfigs } from '../../../../src/lib/protocol/apis/incremental-alter-configs.ts'
import { listGroups } from '../../../../src/lib/protocol/apis/list-groups.ts'
import { Connection } from '../../../conformance/wire/connection.ts'
import { type BrokerInProcess, brokerInProcess } from '../../../support/broker-in-process.ts'

const BROKER = 4
const SET = 0
const DELETE = 1
const OTHER = 'listener.name.other'
const names = [
  ...['max.connections', 'max.connections.per.ip', 'max.connections.per.ip.overrides'],
  ...['max.connection.creation.rate', `${OTHER}.max.connections`, `${OTHER}.max.connection.creation.rate`],
]

const clock = new LeapingClock(systemClock(() => process.hrtime()))
let rig: BrokerInProcess
let admin: Connection
const opened: Connection[] = []

beforeAll(async () => {
  const listeners = ['PLAINTEXT', 'OTHER'].map((name) => ({ name, hosts: ['127.0.0.1'], port: 0 }))
  rig = await brokerInProcess({ clock, listeners, settings: { 'connections.max.idle.ms': '-1' } })
  admin = await Connection.open(rig.port)
})

afterEach(async () => {
  for (const connection of opened.splice(0)) connection.close()
  await alter(names.map((name) => ({ name, configOperation: DELETE, value: null })))
  await expect.poll(() => rig.broker.status().connections).toBe(1)
  clock.leap(60_000)
})

afterAll(async () => {
  admin.close()
  await rig[Symbol.asyncDispose]()
})

async function alter(configs: { name: string; configOperation: number; value: string | null }[]) {
  const resources = [{ resourceType: BROKER, resourceName: '1', configs }]
  const { responses } = await admin.ask(incrementalAlterConfigs, 1, { resources, validateOnly: false })
  return responses[0]
}

async function set(name: string, value: number | string): Promise<void> {
  expect(await alter([{ name, configOperation: SET, value: `${value}` }])).toMatchObject({ errorCode: 0 })
}

/** By the listener that is not the brokers' own. */
async function come(listener = 'OTHER'): Promise<Connection> {
  const connection = await Connection.open(rig.broker.endpoints.get(listener)?.port ?? 0)
  opened.push(connection)
  return connection
}

const asking = (connection: Connection) => connection.ask(listGroups, 4, {}).then(() => 'answered')

/** What came of each: one that is neither answered nor closed while the others are asked a few times has to wait. */
async function fates(...asked: readonly Promise<string>[]): Promise<string[]> {
  const waited = (async () => {
    for (let i = 0; i < 5; i++) await admin.ask(listGroups, 4, {})
    return 'waiting'
  })()
  const closed = (cause: unknown) => (String(cause).includes('closed') ? 'closed' : String(cause))
  const told = await Promise.all(asked.map((each) => Promise.race([each.catch(closed), waited])))
  await waited
  return told
}

describe('connections beyond what there may be', () => {
  it('of a listener wait until others leave, one by one', async () => {
    await set(`${OTHER}.max.connections`, 1)
    const first = await come()
    const asked = [asking(first), asking(await come()), asking(await come())]
    expect(await fates(...asked)).toEqual(['answered', 'waiting', 'waiting'])
    first.close()
    await asked[1]
    expect(await fates(...asked)).toEqual(['answered', 'answered', 'waiting'])
    await set(`${OTHER}.max.connections`, 2)
    await asked[2]
  })

  it('in all wait, unless they come by the listener of the brokers, for which others go', async () => {
    await set('max.connections', 3)
    const [oldest, newest] = [await come(), await come()]
    const asked = [asking(oldest), asking(newest)]
    expect(await fates(...asked)).toEqual(['answered', 'answered'])
    const late = asking(await come())
    expect(await fates(late)).toEqual(['waiting'])
    clock.leap(1)
    await asking(newest)
    expect(await asking(await come('PLAINTEXT'))).toBe('answered')
    expect(
      await fates(
        asking(oldest).catch(() => 'closed'),
        late,
      ),
    ).toEqual(['closed', 'waiting'])
    expect(await asking(newest)).toBe('answered')
  })

  it('are closed, the longest silent first, where fewer may be from now on', async () => {
    const [first, second, third] = [await come(), await come(), await come()]
    for (const each of [second, first, third]) {
      clock.leap(1)
      await asking(each)
    }
    await set('max.connections', 3)
    expect(await fates(asking(second), asking(first), asking(third))).toEqual([
      'closed',
      'answered',
      'answered',
    ])
  })

  it('from one address are closed at once, with a line that says why', async () => {
    await set('max.connections.per.ip', 2)
    expect(await fates(asking(await come()), asking(await come()))).toEqual(['answered', 'closed'])
    expect(rig.lines.at(-1)).toContain('already has the configured maximum of 2 connections')
    await set('max.connections.per.ip.overrides', 'localhost:3,127.0.0.2:0')
    const asked = [asking(await come()), asking(await come())]
    expect(await fates(...asked)).toEqual(['answered', 'closed'])
  })
})

it('cannot be none at all', async () => {
  for (const name of ['max.connections', `${OTHER}.max.connections`, 'max.connection.creation.rate']) {
    const refused = await alter([{ name, configOperation: SET, value: '0' }])
    const why = `Invalid ${name.replace(`${OTHER}.`, '')} 0 for configuration Invalid dynamic configuration`
    expect(refused).toMatchObject({ errorCode: 42, errorMessage: expect.stringContaining(why) })
  }
})

describe('connections that come too fast', () => {
  it('wait as long as it takes, and all others of the listener behind them', async () => {
    await set(`${OTHER}.max.connection.creation.rate`, 1)
    const asked = []
    for (let i = 0; i < 13; i++) asked.push(asking(await come()))
    const told = await fates(...asked)
    // Ten in ten windows are no excess.
    expect(told.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 'answered'))
    expect(told.slice(11)).toEqual(['waiting', 'waiting'])
    expect(await fates(asking(await come('PLAINTEXT')))).toEqual(['answered'])
    for (let i = 0; i < 3; i++) {
      clock.leap(1000)
      await fates()
    }
    expect(await Promise.all(asked)).toEqual(Array.from({ length: 13 }, () => 'answered'))
  })

  it('do not keep the broker from stopping while they wait', async () => {
    await using other = await brokerInProcess({ settings: { 'max.connections': '1' } })
    const first = await Connection.open(other.port)
    await asking(first)
    const second = await Connection.open(other.port)
    const asked = asking(second)
    expect(await fates(asked)).toEqual(['waiting'])
    const stopping = other.stop()
    await expect(asked).rejects.toThrow('closed')
    await stopping
    first.close()
  })
})
