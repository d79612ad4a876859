import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { randomDraw, seedOfRun } from '../../random.ts'
import { brokerProcess } from '../../support/broker-process.ts'
import { Canary, isClosed, linesOf, refusals, residentMiBOf } from '../../support/broker-watch.ts'
import { type HostileRequest, hostileRequests } from '../../support/hostile-requests.ts'
import { RawClient } from '../../support/raw-client.ts'

const MESSAGES = Number(process.env.KTOOL_FUZZ ?? 1000)
const FRAMES = MESSAGES / 10
const CLIENTS = 8
const seed = seedOfRun()

const MOST_LATENCY_MS = 250
const MOST_GROWTH_MIB = 64

it.runIf(process.platform === 'linux')(
  `a broker serves others while ${MESSAGES} messages and ${FRAMES} frames come that make no sense, seed ${seed}`,
  async () => {
    const draw = randomDraw(seed)
    const dataDir = mkdtempSync(join(tmpdir(), 'ktool-hostile-'))
    const broker = await brokerProcess('--port=0', `--data-dir=${dataDir}`)
    try {
      const messages = endless(draw)
      await put(broker.port, messages, MESSAGES / 10)
      const residentMiB = residentMiBOf(broker)
      const canary = new Canary()
      const singing = canary.sing(broker.port)
      await put(broker.port, messages, MESSAGES)
      const before = await refusals(broker)
      for (let i = 0; i < FRAMES; i++) {
        const bytes = frame(draw)
        expect(await isClosed(broker.port, bytes), bytes.toString('hex')).toBe(true)
      }
      expect(await refusals(broker)).toBe(before + FRAMES + 1)
      canary.hush()
      await singing
      expect(canary.p99Ms).toBeLessThan(MOST_LATENCY_MS)
      expect(residentMiBOf(broker) - residentMiB).toBeLessThan(MOST_GROWTH_MIB)
      expect(linesOf(broker).filter((line) => line.includes(' ERROR '))).toEqual([])
    } finally {
      expect(await broker.end()).toBe(0)
      rmSync(dataDir, { recursive: true })
    }
  },
  1_200_000,
)

function* endless(draw: () => number): Generator<HostileRequest, never> {
  for (;;) yield* hostileRequests(draw)
}

/** By several clients at a time. One that is not answered soon comes anew: some requests wait for what never comes. */
async function put(port: number, messages: Iterator<HostileRequest>, count: number): Promise<void> {
  let left = count
  const clients = Array.from({ length: CLIENTS }, async () => {
    let client = await RawClient.open(port)
    while (left-- > 0) {
      const outcome = await client.outcome(messages.next().value.bytes)
      if (outcome === 'answer') continue
      client.close()
      client = await RawClient.open(port)
    }
    client.close()
  })
  await Promise.all(clients)
}

/** Bytes of which no length, key or header can be one of Kafka's, so that nobody need wait for more. */
function frame(draw: () => number): Buffer {
  const bytes = Buffer.from(Array.from({ length: 12 + Math.floor(draw() * 100) }, () => draw() * 256))
  const kinds = [
    () => bytes.writeInt32BE(-1 - Math.floor(draw() * 2 ** 31)),
    () => bytes.writeInt32BE(2 ** 30 + Math.floor(draw() * 2 ** 30)),
    () => bytes.writeInt32BE(Math.floor(draw() * 4)),
    () => bytes.write('GET /'),
    () => bytes.writeUIntBE(0x160301, 0, 3),
    () => bytes.writeInt16BE(1000 + Math.floor(draw() * 30_000), bytes.writeInt32BE(bytes.length - 4)),
    () => bytes.writeInt32BE(0x0001_7fff, bytes.writeInt32BE(bytes.length - 4)),
  ]
  kinds[Math.floor(draw() * kinds.length)]?.()
  return bytes
}
