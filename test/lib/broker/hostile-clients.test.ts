import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { randomDraw, seedOfRun } from '../../random.ts'
import { type BrokerProcess, brokerProcess } from '../../support/broker-process.ts'
import { type HostileRequest, hostileRequests } from '../../support/hostile-requests.ts'
import { RawClient } from '../../support/raw-client.ts'

const MESSAGES = Number(process.env.KTOOL_FUZZ ?? 1000)
const FRAMES = MESSAGES / 10
const CLIENTS = 8
const seed = seedOfRun()

/** ApiVersions 0. */
const question = Buffer.from('0012000000000007ffff', 'hex')
const MOST_LATENCY_MS = 250
const MOST_GROWTH_MIB = 64
/** For the slowest of machines; it is told from a broker that hangs all the same. */
const PATIENCE_MS = 20_000

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

/** Asks all the time how a broker is. */
class Canary {
  readonly #latenciesMs: number[] = []
  #isHushed = false

  async sing(port: number): Promise<void> {
    const client = await RawClient.open(port)
    while (!this.#isHushed) {
      const begun = performance.now()
      expect(await client.outcome(question, PATIENCE_MS)).toBe('answer')
      this.#latenciesMs.push(performance.now() - begun)
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
    client.close()
  }

  hush(): void {
    this.#isHushed = true
  }

  get p99Ms(): number {
    const sorted = this.#latenciesMs.toSorted((a, b) => a - b)
    return sorted[Math.floor(sorted.length * 0.99)] ?? Number.POSITIVE_INFINITY
  }
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

/** Within the second that is promised, or as soon as a busy machine comes to it. */
function isClosed(port: number, bytes: Buffer): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port }, () => socket.write(bytes))
    const giveUp = setTimeout(() => socket.destroy(), PATIENCE_MS)
    let isOver = false
    socket.on('end', () => {
      isOver = true
    })
    socket.on('error', () => {
      isOver = true
    })
    socket.on('close', () => {
      clearTimeout(giveUp)
      resolve(isOver)
    })
    socket.resume()
  })
}

/** How many connections it says it has closed. Those that it did not tell one by one it tells with the first of the next second. */
async function refusals(broker: BrokerProcess): Promise<number> {
  const said = linesOf(broker).length
  await new Promise((resolve) => setTimeout(resolve, 1100))
  expect(await isClosed(broker.port, Buffer.from('GET / HTTP/1.1\r\n\r\n'))).toBe(true)
  await expect.poll(() => linesOf(broker).length).toBeGreaterThan(said)
  const single = linesOf(broker).filter((line) => line.includes('closed a connection')).length
  const more = linesOf(broker).map((line) =>
    Number(/closed more connections count=(\d+)/.exec(line)?.[1] ?? 0),
  )
  return more.reduce((sum, count) => sum + count, single)
}

function linesOf(broker: BrokerProcess): string[] {
  return broker.said().split('\n').slice(0, -1)
}

function residentMiBOf({ ready }: BrokerProcess): number {
  const status = readFileSync(`/proc/${ready.pid}/status`, 'latin1')
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024
}
