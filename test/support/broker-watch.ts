import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { expect } from 'vitest'
import type { BrokerProcess } from './broker-process.ts'
import { RawClient } from './raw-client.ts'

/** ApiVersions 0. */
const question = Buffer.from('0012000000000007ffff', 'hex')
/** For the slowest of machines; it is told from a broker that hangs all the same. */
const PATIENCE_MS = 20_000

/** Asks all the time how a broker is. */
export class Canary {
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

/** Within the second that is promised, or as soon as a busy machine comes to it. */
export function isClosed(port: number, bytes: Buffer): Promise<boolean> {
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
export async function refusals(broker: BrokerProcess): Promise<number> {
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

export function linesOf(broker: BrokerProcess): string[] {
  return broker.said().split('\n').slice(0, -1)
}

export function residentMiBOf({ ready }: BrokerProcess): number {
  const status = readFileSync(`/proc/${ready.pid}/status`, 'latin1')
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024
}
