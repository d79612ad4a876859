import { setTimeout as pass } from 'node:timers/promises'
import { expect, inject, it } from 'vitest'
import { alterClientQuotas } from '../../src/lib/protocol/apis/alter-client-quotas.ts'
import { apiVersions } from '../../src/lib/protocol/apis/api-versions.ts'
import { incrementalAlterConfigs } from '../../src/lib/protocol/apis/incremental-alter-configs.ts'
import { brokerInProcess } from '../support/broker-in-process.ts'
import { Connection } from './wire/connection.ts'

const { ports } = inject('kafka')
const BROKER = 4
const SET = 0
const DELETE = 1
const MOST = 'listener.name.sasl_plaintext.max.connections'
const RATE = 'listener.name.sasl_plaintext.max.connection.creation.rate'
const OVERRIDES = 'max.connections.per.ip.overrides'
/** A broker of Kafka hears of a change a moment after its controller. */
const HEARD_MS = 300
/** Who has not been answered by then has to wait. */
const SILENT_MS = 300

interface Caller {
  readonly connection: Connection
  /** How it went, as soon as that is known. */
  fate: 'waits' | 'answered' | 'closed'
  readonly settled: Promise<unknown>
}

async function call(port: number, localAddress?: string): Promise<Caller> {
  const connection = await Connection.open(port, undefined, localAddress)
  const answer = connection.ask(apiVersions, 0, {})
  const settled = answer.then(
    () => {
      caller.fate = 'answered'
    },
    () => {
      caller.fate = 'closed'
    },
  )
  const caller: Caller = { connection, fate: 'waits', settled }
  return caller
}

async function callers(count: number, port: number, localAddress?: string): Promise<Caller[]> {
  const all: Caller[] = []
  for (let i = 0; i < count; i++) all.push(await call(port, localAddress))
  return all
}

function leave(all: readonly Caller[]): void {
  for (const { connection } of all) connection.close()
}

/** What becomes of connections by a listener that is not the brokers' own. */
async function story(adminPort: number, port: number): Promise<Record<string, unknown>> {
  const admin = await Connection.open(adminPort)
  const alter = async (name: string, value: string | null) => {
    const configs = [{ name, configOperation: value === null ? DELETE : SET, value }]
    const resources = [{ resourceType: BROKER, resourceName: '1', configs }]
    const { responses } = await admin.ask(incrementalAlterConfigs, 1, { resources, validateOnly: false })
    expect(responses[0]?.errorMessage).toBeFalsy()
    await pass(HEARD_MS)
  }
  const told: Record<string, unknown> = {}

  await alter(MOST, '2')
  const few = await callers(4, port)
  await Promise.all(few.slice(0, 2).map(({ settled }) => settled))
  await pass(SILENT_MS)
  told['two at once'] = few.map(({ fate }) => fate)
  few[0]?.connection.close()
  await few[2]?.settled
  await pass(SILENT_MS)
  told['one has left'] = few.map(({ fate }) => fate)
  await alter(MOST, null)
  await few[3]?.settled
  leave(few)

  await alter(OVERRIDES, '127.0.0.2:1')
  const others = await callers(2, port, '127.0.0.2')
  await Promise.all(others.map(({ settled }) => settled))
  told['one of an address'] = others.map(({ fate }) => fate)
  leave(others)
  await alter(OVERRIDES, null)

  await alter(RATE, '1')
  const many = await callers(30, port)
  await Promise.all(many.slice(0, 10).map(({ settled }) => settled))
  await pass(SILENT_MS)
  told['too fast'] = [many[0]?.fate, many.at(-1)?.fate]
  await alter(RATE, null)
  await many.at(-1)?.settled
  told['all the same'] = many.at(-1)?.fate
  leave(many)

  const quota = async (value: number | null) => {
    const entity = [{ entityType: 'ip', entityName: '127.0.0.3' }]
    const ops = [{ key: 'connection_creation_rate', value: value ?? 0, remove: value === null }]
    await admin.ask(alterClientQuotas, 1, { entries: [{ entity, ops }] })
    await pass(HEARD_MS)
  }
  await quota(1)
  const fast = await callers(30, port, '127.0.0.3')
  await Promise.all(fast.map(({ settled }) => settled))
  told['an address that is too fast'] = [fast[0]?.fate, fast.at(-1)?.fate]
  leave(fast)
  await quota(null)
  admin.close()
  return told
}

it('connections too many, or too fast, have the same fate at the local broker as at Kafka', async () => {
  const listeners = ['PLAINTEXT', 'SASL_PLAINTEXT'].map((name) => ({ name, hosts: ['127.0.0.1'], port: 0 }))
  await using rig = await brokerInProcess({ listeners })
  const other = rig.broker.endpoints.get('SASL_PLAINTEXT')?.port ?? 0
  const [kafkas, ours] = await Promise.all([story(ports.plain, ports.sasl), story(rig.port, other)])
  expect(ours).toEqual(kafkas)
  expect(kafkas).toMatchObject({
    'two at once': ['answered', 'answered', 'waits', 'waits'],
    'one of an address': ['answered', 'closed'],
    'too fast': ['answered', 'waits'],
    'an address that is too fast': ['answered', 'closed'],
  })
})
