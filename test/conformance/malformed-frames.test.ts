import { setTimeout } from 'node:timers/promises'
import { describe, expect, inject, it } from 'vitest'
import { apiOf } from '../../src/lib/protocol/registry.ts'
import { randomDraw } from '../random.ts'
import { differences } from '../replay/differences.ts'
import { Link, type Outcome } from '../replay/link.ts'
import { type Json, readResponse } from '../replay/messages.ts'
import type { World } from '../replay/random-world.ts'
import { exactRules, openRules } from '../replay/rules.ts'
import { type ServedApi, servedVersions } from '../replay/served-versions.ts'
import { brokerInProcess } from '../support/broker-in-process.ts'
import { answeredVersion, type Case, canary, malformedCase } from './differential/malformed-frames.ts'
import { connected } from './wire/connection.ts'
import { SHARE, untilCoordinated } from './wire/coordinators.ts'

/** KTOOL_SEEDS=7,8 KTOOL_REQUESTS=2000 KTOOL_APIS=Fetch,Produce asks more, or of these alone. */
const seeds = (process.env.KTOOL_SEEDS ?? '1').split(',').map(Number)
const count = Number(process.env.KTOOL_REQUESTS ?? 250)
const only = process.env.KTOOL_APIS?.split(',')
const PATIENCE_MS = 1500
const SOME_ID = 'AAAAAAAAAAAAAAAAAAABAQ'
const LONG_PATIENCE_MS = 10_000

describe('frames that are wrong are answered, or not, by the local broker as by Apache Kafka', () => {
  it.each(seeds)('seed %d', { timeout: 60_000 + count * 1000 }, async (seed) => {
    await using rig = await brokerInProcess({
      settings: {
        'auto.create.topics.enable': 'false',
        'offsets.topic.num.partitions': '3',
        'transaction.state.log.num.partitions': '3',
      },
    })
    const rows = await servedVersions(rig.port, ({ name }) => only === undefined || only.includes(name))
    const draw = randomDraw(seed)
    const ports = { kafka: inject('kafka').ports.plain, ours: rig.port }
    // Other tests may have had the Kafka that is there for all make these topics.
    for (const port of Object.values(ports)) {
      await connected(port, (connection) => untilCoordinated(connection, SHARE, [`g:${SOME_ID}:0`]))
    }
    const pair = new Pair(ports, rows)
    for (const keyType of [0, 1]) await pair.untilBoth(`000a000200000005ffff0001610${keyType}`)
    await pair.untilBoth('0016000100000005ffffffff000003e8')
    const found: string[] = []
    for (let i = 0; i < count; i++) found.push(...(await pair.put(malformedCase(rows, worldOf(seed), draw))))
    pair.close()
    expect(found).toEqual([])
  })
})

/** Nothing of this is there. */
function worldOf(seed: number): World {
  const of = (...names: string[]) => names.map((name) => `m${seed}-${process.pid}-${name}`)
  return {
    ...{ topics: of('a', 'b'), missing: `m${seed}-none`, internalTopics: [], topicIds: [] },
    ...{ groups: of('g1', 'g2'), memberIds: [], transactionalIds: of('t1'), producers: [], sessionIds: [] },
    nowMs: Date.now(),
  }
}

class Pair {
  readonly #ports: { readonly kafka: number; readonly ours: number }
  readonly #rows: readonly ServedApi[]
  #links: { kafka: Link; ours: Link } | undefined

  constructor(ports: { readonly kafka: number; readonly ours: number }, rows: readonly ServedApi[]) {
    this.#ports = ports
    this.#rows = rows
  }

  /** Who says nothing may only be slow, where the other has an answer. */
  async put(asked: Case): Promise<string[]> {
    const found = await this.#put(asked, PATIENCE_MS)
    if (!found.join().includes('silence')) return found
    this.close()
    return await this.#put(asked, LONG_PATIENCE_MS)
  }

  async #put({ name, frames }: Case, patienceMs: number): Promise<string[]> {
    const links = await this.#open()
    const all = [...frames, canary]
    const [theirs, ours] = await Promise.all([
      links.kafka.askTogether(all, patienceMs),
      links.ours.askTogether(all, patienceMs),
    ])
    if ([...theirs, ...ours].some((outcome) => typeof outcome === 'string')) this.close()
    const told = [theirs, ours].map((outcomes) => outcomes.map(said).join(', '))
    const isSame = told[0] === told[1]
    if (isSame) told.splice(0, 2, ...all.flatMap((frame, i) => this.#compared(frame, theirs[i], ours[i])))
    return told.length === 0 ? [] : [`${name}: ${told.slice(0, 4).join('\n    ')}\n  ${hexOf(frames)}`]
  }

  /** Kafka makes topics and ids when they are asked for first, and takes a while. */
  async untilBoth(request: string): Promise<void> {
    const frame = Buffer.from(`00000000${request}`, 'hex')
    frame.writeInt32BE(frame.length - 4)
    for (let left = 50; left > 0; left--) {
      const { kafka, ours } = await this.#open()
      await ours.ask(frame, LONG_PATIENCE_MS)
      const answer = await kafka.ask(frame, LONG_PATIENCE_MS)
      if (Buffer.isBuffer(answer) && answer.readInt16BE(12) === 0) return
      await setTimeout(200)
    }
    throw new Error('Kafka does not come to its coordinators')
  }

  #compared(frame: Buffer, theirs: Outcome | undefined, ours: Outcome | undefined): string[] {
    if (!Buffer.isBuffer(theirs) || !Buffer.isBuffer(ours)) {
      return said(theirs) === said(ours) ? [] : [`${said(ours)}; Kafka: ${said(theirs)}`]
    }
    if (theirs.equals(ours)) return []
    const [recorded, answered] = [this.#read(frame, theirs), this.#read(frame, ours)]
    const found = differences(recorded, answered, openRules(exactRules))
    // Each of the two is another cluster.
    return found.filter((each) => !each.includes("doesn't match the cluster id"))
  }

  /** What no definition can read differs as it is. */
  #read(frame: Buffer, answer: Buffer): Json {
    const api = apiOf(frame.readInt16BE(4))
    try {
      if (api !== undefined) {
        return {
          correlationId: answer.readInt32BE(4),
          ...readResponse(api, answeredVersion(frame, this.#rows), answer),
        }
      }
    } catch {}
    return answer.toString('hex')
  }

  close(): void {
    this.#links?.kafka.close()
    this.#links?.ours.close()
    this.#links = undefined
  }

  async #open(): Promise<{ kafka: Link; ours: Link }> {
    const { kafka, ours } = this.#ports
    if (this.#links === undefined || this.#links.kafka.isClosed || this.#links.ours.isClosed) {
      this.close()
      this.#links = { kafka: await Link.open(kafka), ours: await Link.open(ours) }
    }
    return this.#links
  }
}

function said(outcome: Outcome | undefined): string {
  return Buffer.isBuffer(outcome) ? 'an answer' : String(outcome)
}

function hexOf(frames: readonly Buffer[]): string {
  return frames.map((frame) => frame.subarray(0, 300).toString('hex')).join(' ')
}
