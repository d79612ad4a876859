import { describe, expect, it } from 'vitest'
import { systemClock } from '../../../src/lib/ports/clock.ts'
import { LeapingClock } from '../../../src/lib/ports/leaping-clock.ts'
import { randomDraw, seedOfRun } from '../../random.ts'
import { brokerInProcess } from '../../support/broker-in-process.ts'
import { hostileRequests } from '../../support/hostile-requests.ts'
import { orSilence, RawClient } from '../../support/raw-client.ts'

const seed = seedOfRun()
const ROUNDS = 1
/** Once time has leapt, nothing is left to wait for. */
const PATIENCE_MS = 5000

/** ApiVersions 0. */
const question = Buffer.from('0012000000000007ffff', 'hex')

/** What Kafka never answers either: it has nothing to say, and other requests of the connection go on or do not. */
const silent = /^(Produce|AddPartitionsToTxn|AlterConfigs) /
/** The longest that a client can ask to wait for, and more. */
const LEAP_MS = 2 ** 32
const MOST_GROWTH_BYTES = 192 * 1024 * 1024
const MOST_LATENCY_MS = 250

describe('a broker', () => {
  it(`answers or closes whatever it is asked, and serves others meanwhile, seed ${seed}`, async () => {
    const draw = randomDraw(seed)
    const clock = new LeapingClock(systemClock(() => process.hrtime()))
    await using running = await brokerInProcess({
      clock,
      topics: [{ name: 'topic', partitions: 1 }],
      settings: { 'connections.max.idle.ms': '-1' },
    })
    const latencies: number[] = []
    const rssBytes = process.memoryUsage().rss
    const canary = await RawClient.open(running.port)
    let client = await RawClient.open(running.port)
    for (let round = 0; round < ROUNDS; round++) {
      for (const { name, bytes } of hostileRequests(draw)) {
        const heard = client.ask(bytes)
        const beforeMs = clock.monotonicMs()
        expect(await canary.outcome(question, PATIENCE_MS), name).toBe('answer')
        latencies.push(clock.monotonicMs() - beforeMs)
        let outcome = await orSilence(heard)
        if (outcome === 'silence' && !silent.test(name)) {
          clock.leap(LEAP_MS)
          outcome = await orSilence(heard, PATIENCE_MS)
          expect(outcome, `${name}: ${bytes.toString('hex')}`).not.toBe('silence')
        }
        if (outcome !== 'answer') {
          client.close()
          client = await RawClient.open(running.port)
        }
        const bugs = running.lines.filter((line) => line.startsWith('error '))
        expect(bugs.map((line) => `${name}: ${bytes.toString('hex')}: ${line}`)).toEqual([])
      }
    }
    client.close()
    canary.close()
    latencies.sort((a, b) => a - b)
    expect(latencies[Math.floor(latencies.length * 0.99)]).toBeLessThan(MOST_LATENCY_MS)
    expect(process.memoryUsage().rss - rssBytes).toBeLessThan(MOST_GROWTH_BYTES)
  }, 120_000)
})
