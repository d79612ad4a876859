import { setTimeout as pass } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { compileJava, fetchLibs, java } from '../conformance/kafka/java.ts'
import { type OwnKafka, startOwnKafka } from '../conformance/kafka/start-own.ts'
import { KafkaTools } from '../conformance/kafka/tools.ts'
import { type BrokerInProcess, brokerInProcess } from '../support/broker-in-process.ts'

const TOPIC = 'rates'
const RECORD_BYTES = 1000
/** Short windows, so that a first burst is short too. */
const settings = { 'quota.window.num': '2' }
/** Of some seconds the first one is free. */
const FIRST_BURST = 1.3
/** A wait depends on when in its window somebody asks, and here on how busy the machine is. */
const TOLERANCE_MS = 900

let kafka: OwnKafka
let rig: BrokerInProcess
let tools: KafkaTools

beforeAll(async () => {
  await fetchLibs()
  await compileJava()
  kafka = await startOwnKafka('quotas', { properties: settings })
  rig = await brokerInProcess({ settings })
  tools = new KafkaTools()
  await onBoth((at) => tools.tell('topics', ['--create', '--topic', TOPIC, '--partitions', '1', ...at]))
})

afterAll(async () => {
  await Promise.all([tools?.stop(), kafka?.stop(), rig?.[Symbol.asyncDispose]()])
  kafka?.remove()
})

/** What was set of which entity, to be taken back. */
const set: (readonly [entity: readonly string[], key: string])[] = []

afterEach(async () => {
  for (const [entity, key] of set.splice(0)) await alter(entity, '--delete-config', key)
})

async function limit(entity: readonly string[], key: string, value: number): Promise<void> {
  set.push([entity, key])
  await alter(entity, '--add-config', `${key}=${value}`)
}

async function alter(entity: readonly string[], ...change: readonly string[]): Promise<void> {
  await onBoth((at) => tools.tell('configs', ['--alter', ...entity, ...change, ...at]))
  // A broker of Kafka hears of it a moment after its controller.
  await pass(500)
}

async function onBoth<T>(run: (at: readonly string[]) => Promise<T>): Promise<readonly [kafka: T, ours: T]> {
  const at = (port: number) => ['--bootstrap-server', `127.0.0.1:${port}`]
  return Promise.all([run(at(kafka.port)), run(at(rig.port))])
}

const users = (name?: string) => entityOf('users', name)
const clients = (name?: string) => entityOf('clients', name)

function entityOf(type: string, name: string | undefined): string[] {
  return ['--entity-type', type, ...(name === undefined ? ['--entity-default'] : ['--entity-name', name])]
}

interface Pace {
  readonly perSecond: number
  /** The longest that the client was told to wait. */
  readonly throttleMs: number
}

async function produced(at: readonly string[], clientId: string, records: number): Promise<Pace> {
  const said = await java('org.apache.kafka.tools.ProducerPerformance', [
    ...[...at, '--topic', TOPIC, '--num-records', `${records}`, '--record-size', `${RECORD_BYTES}`],
    ...['--throughput', '-1', '--print-metrics', '--command-property'],
    ...[`client.id=${clientId}`, 'batch.size=20000', 'max.in.flight.requests.per.connection=1'],
  ])
  const rates = [...said.matchAll(/records sent, ([\d.]+) records\/sec/g)]
  return { perSecond: Number(rates.at(-1)?.[1]), throttleMs: metric(said, 'produce-throttle-time-max') }
}

async function fetched(at: readonly string[], clientId: string, records: number): Promise<Pace> {
  const began = performance.now()
  const said = await java('org.apache.kafka.tools.ConsumerPerformance', [
    ...[...at, '--topic', TOPIC, '--num-records', `${records}`, '--hide-header', '--print-metrics'],
    ...['--fetch-size', '50000', '--timeout', '60000', '--command-property', `client.id=${clientId}`],
  ])
  const tookS = (performance.now() - began) / 1000
  return { perSecond: records / tookS, throttleMs: metric(said, 'fetch-throttle-time-max') }
}

function metric(said: string, name: string): number {
  return Number(new RegExp(`${name}:\\{.*?\\}\\s*: (\\S+)`).exec(said)?.[1])
}

/** Nobody was faster than the limit has it, and both were told to wait alike. */
function expectPace(paces: readonly [Pace, Pace], perSecond: number): void {
  const why = JSON.stringify(paces)
  for (const pace of paces) expect(pace.perSecond, why).toBeLessThan(perSecond * FIRST_BURST)
  const [kafkas = 0, ours = 0] = paces.map(({ throttleMs }) => throttleMs)
  expect(Math.abs(kafkas - ours), why).toBeLessThan(TOLERANCE_MS)
  expect(ours, why).toBeGreaterThan(0)
}

function expectFree(paces: readonly [Pace, Pace]): void {
  expect(paces.map(({ throttleMs }) => throttleMs)).toEqual([0, 0])
}

describe('Java’s clients are as fast at the local broker as at Kafka', () => {
  it('under a default of all client ids, and one of their own', async () => {
    await limit(clients(), 'producer_byte_rate', 60_000)
    expectPace(await onBoth((at) => produced(at, 'any', 600)), 60)
    await limit(clients('own'), 'producer_byte_rate', 10_000_000)
    expectFree(await onBoth((at) => produced(at, 'own', 600)))
  })

  it('under that of a user, whatever their id may do, and of user and id, whatever the user may', async () => {
    await limit(clients('own'), 'producer_byte_rate', 10_000_000)
    await limit(users(), 'producer_byte_rate', 10_000_000)
    await limit(users('ANONYMOUS'), 'producer_byte_rate', 60_000)
    expectPace(await onBoth((at) => produced(at, 'own', 600)), 60)
    await limit([...users('ANONYMOUS'), ...clients('own')], 'producer_byte_rate', 10_000_000)
    expectFree(await onBoth((at) => produced(at, 'own', 600)))
  })

  it('when they read', async () => {
    await limit([...users(), ...clients()], 'consumer_byte_rate', 100_000)
    expectPace(await onBoth((at) => fetched(at, 'reader', 250)), 100)
  })

  it('under a limit that comes and goes while they are connected', async () => {
    await limit(clients('long'), 'producer_byte_rate', 30_000)
    const running = onBoth((at) => produced(at, 'long', 1200))
    await pass(6000)
    await alter(clients('long'), '--delete-config', 'producer_byte_rate')
    set.length = 0
    for (const { perSecond, throttleMs } of await running) {
      expect(throttleMs).toBeGreaterThan(0)
      // To the end by that limit it would have taken 40 seconds.
      expect(1200 / perSecond).toBeLessThan(30)
    }
  })

  it('and are told to wait for what time they take', async () => {
    await limit(clients('busy'), 'request_percentage', 0.01)
    const paces = await onBoth((at) => produced(at, 'busy', 200))
    for (const { throttleMs } of paces) {
      expect(throttleMs, JSON.stringify(paces)).toBeGreaterThan(0)
      expect(throttleMs).toBeLessThanOrEqual(1000)
    }
  })
})
