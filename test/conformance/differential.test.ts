import { setTimeout } from 'node:timers/promises'
import { describe, expect, inject, it } from 'vitest'
import type { Api } from '../../src/lib/protocol/api.ts'
import { apiOf } from '../../src/lib/protocol/registry.ts'
import { randomDraw } from '../random.ts'
import { type Answered, Lockstep } from '../replay/lockstep.ts'
import { isObject, type JsonObject } from '../replay/messages.ts'
import { pick, randomRequest, type World } from '../replay/random-requests.ts'
import { exactRules } from '../replay/rules.ts'
import { type ServedApi, servedVersions } from '../replay/served-versions.ts'
import { soundSequence } from '../replay/sound-sequences.ts'
import { brokerInProcess } from '../support/broker-in-process.ts'

/** KTOOL_SEEDS=7,8 KTOOL_REQUESTS=2000 KTOOL_APIS=Fetch,Produce asks more, or of these alone. */
const seeds = (process.env.KTOOL_SEEDS ?? '1,2').split(',').map(Number)
const count = Number(process.env.KTOOL_REQUESTS ?? 250)
const only = process.env.KTOOL_APIS?.split(',')

/** ApiVersions, SASL, and what speaks of the whole cluster or of settings has tests of its own. A voter whose listener has no name ends Kafka itself. */
const leftOut = new Set([17, 18, 32, 33, 36, 43, 44, 45, 46, 50, 51, 55, 57, 64, 74, 80])
/** Share groups have stories of their own, unless they are asked for by name; of what is not initialised Kafka's persister says nothing for long. */
const ofShareGroups = new Set([76, 77, 78, 79, 83, 84, 85, 86, 87, 90, 91, 92])
const isAsked = ({ key, name }: Api) =>
  !leftOut.has(key) && (only === undefined ? !ofShareGroups.has(key) : only.includes(name))
const CREATE_TOPICS = 19
const changesTopics = new Set([CREATE_TOPICS, 20, 37])
/** What is in the internal topics of Kafka is of all the runs before, and ours begin empty. */
const looksIntoLogs = new Set([1, 2, 23, 27, 61])
const INIT_PRODUCER_ID = 22
const END_TXN = 26
/** Kafka's brokers hear of topics, and its partitions of the end of a transaction, a moment after the answer. */
const takesAMoment = new Set([...changesTopics, INIT_PRODUCER_ID, END_TXN])

/** How often, before a request, there is one of the sequences that make sense as a whole. */
const SEQUENCES = 0.08

describe('random requests get the same answers from the local broker and from Apache Kafka', () => {
  it.each(seeds)('seed %d', { timeout: 60_000 + count * 1000 }, async (seed) => {
    await using rig = await brokerInProcess({
      settings: {
        'offsets.topic.num.partitions': '3',
        'transaction.state.log.num.partitions': '3',
        'auto.create.topics.enable': 'false',
        // What the Kafka for all is told: both tell it of the topics that they make.
        'log.retention.ms': '-1',
        'log.index.size.max.bytes': '65536',
      },
    })
    const run = new DifferentialRun(seed, inject('kafka').ports.plain, rig.port)
    const found = await run.ask(count)
    expect(found).toEqual([])
  })
})

class DifferentialRun {
  readonly #draw: () => number
  readonly #lockstep: Lockstep
  readonly #ourPort: number
  readonly #world: World
  /** Topics that come and go have names of their own, so that the others stay what both brokers agree upon. */
  readonly #changing: World

  constructor(seed: number, kafka: number, ours: number) {
    this.#draw = randomDraw(seed)
    this.#lockstep = new Lockstep({ kafka, ours }, exactRules)
    this.#ourPort = ours
    const of = (...names: string[]) => names.map((name) => `d${seed}-${process.pid}-${name}`)
    this.#world = {
      topics: of('a', 'b', 'c'),
      missing: `d${seed}-${process.pid}-none`,
      internalTopics: ['__consumer_offsets'],
      topicIds: [],
      groups: of('g1', 'g2', 'g3'),
      memberIds: [],
      transactionalIds: of('t1', 't2', 't3'),
      producers: [],
      sessionIds: [],
      nowMs: Date.now(),
    }
    this.#changing = { ...this.#world, topics: of('x', 'y'), internalTopics: [], topicIds: [] }
  }

  async ask(requests: number): Promise<string[]> {
    const rows = await servedVersions(this.#ourPort, isAsked)
    await this.#prepare()
    const found: string[] = []
    for (let i = 0; i < requests; i++) {
      if (only === undefined && this.#draw() < SEQUENCES) found.push(...(await this.#sequence(rows)))
      const { api, minVersion, maxVersion } = pick(this.#draw, rows)
      const version = minVersion + Math.floor(this.#draw() * (maxVersion - minVersion + 1))
      const world = this.#worldFor(api.key)
      found.push(...(await this.#compared(api, version, randomRequest(api, version, world, this.#draw))))
    }
    this.#lockstep.close()
    return found
  }

  /** What a client does that knows what it wants, at versions that both have. */
  async #sequence(rows: readonly ServedApi[]): Promise<string[]> {
    const found: string[] = []
    for (const step of soundSequence(this.#world, this.#changing, this.#draw)) {
      const row = rows.find(({ api }) => api.name === step.api)
      if (row === undefined) continue
      const version = Math.max(row.minVersion, Math.min(row.maxVersion, step.version))
      found.push(...(await this.#compared(row.api, version, step.request())))
    }
    return found
  }

  async #compared(api: Api, version: number, json: JsonObject): Promise<string[]> {
    const { differences } = await this.#put(api, version, json)
    if (takesAMoment.has(api.key)) await setTimeout(150)
    if (differences.length === 0) return []
    const said = differences.slice(0, 5).join('\n    ')
    return [`${api.name} v${version} ${JSON.stringify(json)}\n    ${said}`]
  }

  #worldFor(apiKey: number): World {
    if (changesTopics.has(apiKey)) return this.#changing
    return looksIntoLogs.has(apiKey) ? { ...this.#world, internalTopics: [] } : this.#world
  }

  async #prepare(): Promise<void> {
    const { topics, groups, transactionalIds } = this.#world
    const wishes = topics.map((name, i) => ({
      name,
      numPartitions: i + 1,
      replicationFactor: 1,
      assignments: [],
      configs: i === 2 ? [{ name: 'cleanup.policy', value: 'compact' }] : [],
    }))
    await this.#untilBoth('CreateTopics', CREATE_TOPICS, 7, {
      topics: wishes,
      timeoutMs: 5000,
      validateOnly: false,
    })
    for (const key of [...groups, '']) await this.#coordinator(key, 0)
    for (const key of [...transactionalIds, '']) await this.#coordinator(key, 1)
    // It is the one group that other runs had as well.
    await this.#untilBoth('DeleteGroups', 42, 2, { groupsNames: [''] })
    const producer = { transactionalId: null, transactionTimeoutMs: 1000, producerId: -1, producerEpoch: -1 }
    await this.#untilBoth('InitProducerId', INIT_PRODUCER_ID, 4, producer)
    await setTimeout(500)
  }

  #coordinator(key: string, keyType: number): Promise<void> {
    return this.#untilBoth('FindCoordinator', 10, 4, { keyType, coordinatorKeys: [key] })
  }

  /** Kafka answers this and that only after a while. */
  async #untilBoth(name: string, key: number, version: number, json: JsonObject): Promise<void> {
    const api = apiOf(key)
    if (api === undefined) throw new Error(`no API ${name}`)
    for (let left = 50; left > 0; left--) {
      const { theirs } = await this.#put(api, version, json)
      if (theirs !== undefined && !/"errorCode":(14|15|16)\b/.test(JSON.stringify(theirs))) return
      await setTimeout(200)
    }
    throw new Error(`Kafka does not come to ${name}`)
  }

  async #put(api: Api, version: number, json: JsonObject): Promise<Answered> {
    const answered = await this.#lockstep.ask(api, version, json)
    if (answered.theirs !== undefined) this.#remember(api.key, answered.theirs)
    return answered
  }

  #remember(apiKey: number, answer: JsonObject): void {
    const { memberIds, producers, sessionIds } = this.#world
    const { memberId, producerId, producerEpoch, sessionId, topics } = answer
    if (apiKey === CREATE_TOPICS && Array.isArray(topics)) {
      for (const topic of topics) {
        if (!isObject(topic) || typeof topic.topicId !== 'string' || topic.errorCode !== 0) continue
        const isLasting = this.#world.topics.includes(String(topic.name))
        const { topicIds } = isLasting ? this.#world : this.#changing
        topicIds.push(topic.topicId)
      }
    }
    if (typeof memberId === 'string' && memberId.length > 20) memberIds.push(memberId)
    if (
      apiKey === INIT_PRODUCER_ID &&
      typeof producerId === 'number' &&
      typeof producerEpoch === 'number' &&
      producerId >= 0
    ) {
      producers.push({ producerId, producerEpoch })
    }
    if (typeof sessionId === 'number' && sessionId > 0) sessionIds.push(sessionId)
  }
}
