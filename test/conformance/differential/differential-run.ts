import { appendFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import type { Api } from '../../../src/lib/protocol/api.ts'
import { apiOf } from '../../../src/lib/protocol/registry.ts'
import { randomDraw } from '../../random.ts'
import { type Answered, Lockstep } from '../../replay/lockstep.ts'
import { isObject, type Json, type JsonObject } from '../../replay/messages.ts'
import { randomRequest } from '../../replay/random-requests.ts'
import { pick, type World } from '../../replay/random-world.ts'
import { exactRules } from '../../replay/rules.ts'
import { type ServedApi, servedVersions } from '../../replay/served-versions.ts'
import { soundSequence } from '../../replay/sound-sequences.ts'

/** Before there was a dry run it would be done. */
const firstVersions = new Map([[57, 1]])
const CREATE_TOPICS = 19
const changesTopics = new Set([CREATE_TOPICS, 20, 37])
/** What is in the internal topics of Kafka is of all the runs before, and ours begin empty. */
const looksIntoLogs = new Set([1, 2, 23, 27, 61])
const SOME_ID = 'q8iZvJ5TQZmJ3mJm0aYxXA'
const INIT_PRODUCER_ID = 22
const END_TXN = 26
/** Kafka's brokers hear of topics, and its partitions of the end of a transaction, a moment after the answer. */
const takesAMoment = new Set([...changesTopics, INIT_PRODUCER_ID, END_TXN])

/** How often, before a request, there is one of the sequences that make sense as a whole. */
const SEQUENCES = 0.08

export interface DifferentialOptions {
  readonly kafka: number
  readonly ours: number
  /** These APIs alone. */
  readonly only?: readonly string[] | undefined
  /** A file to which each request goes, with what Kafka said and where the two differ. */
  readonly diary?: string | undefined
}

/** Puts random requests to both, and keeps in mind what they were told. */
export class DifferentialRun {
  readonly #draw: () => number
  readonly #lockstep: Lockstep
  readonly #ourPort: number
  readonly #world: World
  /** Topics that come and go have names of their own, so that the others stay what both brokers agree upon. */
  readonly #changing: World

  readonly #only: readonly string[] | undefined
  readonly #diary: string | undefined

  constructor(seed: number, { kafka, ours, only, diary }: DifferentialOptions) {
    this.#draw = randomDraw(seed)
    this.#lockstep = new Lockstep({ kafka, ours }, exactRules)
    this.#ourPort = ours
    this.#only = only
    this.#diary = diary
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
    const rows = await servedVersions(this.#ourPort, (api) => this.#isAsked(api))
    await this.#prepare()
    const found: string[] = []
    for (let i = 0; i < requests; i++) {
      if (this.#only === undefined && this.#draw() < SEQUENCES) found.push(...(await this.#sequence(rows)))
      const { api, minVersion, maxVersion } = pick(this.#draw, rows)
      const from = Math.max(minVersion, firstVersions.get(api.key) ?? 0)
      const version = from + Math.floor(this.#draw() * (maxVersion - from + 1))
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

  #isAsked({ name }: Api): boolean {
    return this.#only === undefined || this.#only.includes(name)
  }

  #note(line: Json): void {
    if (this.#diary !== undefined) appendFileSync(this.#diary, `${JSON.stringify(line)}\n`)
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
    for (const key of groups) await this.#coordinator(`${key}:${SOME_ID}:0`, 2, 6)
    // It is the one group that other runs had as well.
    await this.#untilBoth('DeleteGroups', 42, 2, { groupsNames: [''] })
    const producer = { transactionalId: null, transactionTimeoutMs: 1000, producerId: -1, producerEpoch: -1 }
    await this.#untilBoth('InitProducerId', INIT_PRODUCER_ID, 4, producer)
    await this.#untilBoth('DescribeCluster', 60, 0, { includeClusterAuthorizedOperations: false })
    await setTimeout(500)
  }

  #coordinator(key: string, keyType: number, version = 4): Promise<void> {
    return this.#untilBoth('FindCoordinator', 10, version, { keyType, coordinatorKeys: [key] })
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
    this.#note([api.name, version, json, answered.theirs ?? null, [...answered.differences]])
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
