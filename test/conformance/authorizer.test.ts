import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { STANDARD_AUTHORIZER } from '../../src/lib/broker/security/authorizer-settings.ts'
import type { Api } from '../../src/lib/protocol/api.ts'
import { apiOf } from '../../src/lib/protocol/registry.ts'
import { randomDraw } from '../random.ts'
import { Identities } from '../replay/identities.ts'
import { Lockstep } from '../replay/lockstep.ts'
import { isObject, type JsonObject } from '../replay/messages.ts'
import { randomRequest } from '../replay/random-requests.ts'
import { pick, type World } from '../replay/random-world.ts'
import { exactRules } from '../replay/rules.ts'
import { servedVersions } from '../replay/served-versions.ts'
import { type BrokerInProcess, brokerInProcess } from '../support/broker-in-process.ts'
import { type OwnKafka, startOwnKafka } from './kafka/start-own.ts'

/** KTOOL_SEEDS=7,8 KTOOL_REQUESTS=2000 KTOOL_APIS=Fetch,Produce asks more, or of these alone. */
const seeds = (process.env.KTOOL_SEEDS ?? '1').split(',').map(Number)
const count = Number(process.env.KTOOL_REQUESTS ?? 200)
const only = process.env.KTOOL_APIS?.split(',')

const settings = {
  'authorizer.class.name': STANDARD_AUTHORIZER,
  'allow.everyone.if.no.acl.found': 'true',
  'auto.create.topics.enable': 'false',
  'log.retention.ms': '-1',
  'log.index.size.max.bytes': '65536',
  'offsets.topic.num.partitions': '3',
  'transaction.state.log.num.partitions': '3',
}

/** Kafka itself comes from the first as well; of the second every entry that is drawn speaks. */
const ADMIN = '127.0.0.1'
const SOMEBODY = '127.0.0.2'

const [TOPIC, GROUP, CLUSTER, TRANSACTIONAL_ID] = [2, 3, 4, 5] as const
const [LITERAL, PREFIXED] = [3, 4] as const
const [ALL, DENY, ALLOW] = [2, 2, 3] as const
const operations = [2, 3, 4, 5, 6, 7, 8, 8, 9, 10, 11, 12]

/** ApiVersions and SASL ask nobody, and what settings look like has tests of its own. */
const leftOut = new Set([17, 18, 36])
const isAsked = ({ key, name }: Api) => !leftOut.has(key) && (only === undefined || only.includes(name))
const takesAMoment = new Set([19, 20, 22, 26, 30, 31, 37])
const REQUESTS_PER_ROUND = 20

let kafka: OwnKafka
let ours: BrokerInProcess

beforeAll(async () => {
  kafka = await startOwnKafka('authorizer', { properties: settings })
  ours = await brokerInProcess({ settings })
}, 60_000)

afterAll(async () => {
  await ours?.[Symbol.asyncDispose]()
  await kafka?.stop()
  kafka?.remove()
})

describe('somebody with random ACLs gets the same answers from the local broker and from Apache Kafka', () => {
  it.each(seeds)('seed %d', { timeout: 60_000 + count * 1000 }, async (seed) => {
    const run = new AuthorizedRun(seed, { kafka: kafka.port, ours: ours.port })
    expect(await run.ask(count)).toEqual([])
  })
})

class AuthorizedRun {
  readonly #draw: () => number
  readonly #admin: Lockstep
  readonly #somebody: Lockstep
  readonly #ourPort: number
  readonly #world: World

  constructor(seed: number, ports: { kafka: number; ours: number }) {
    const ids = new Identities()
    this.#draw = randomDraw(seed)
    this.#ourPort = ports.ours
    this.#admin = new Lockstep(ports, exactRules, { from: ADMIN, ids })
    this.#somebody = new Lockstep(ports, exactRules, { from: SOMEBODY, ids })
    const of = (...names: string[]) => names.map((name) => `a${seed}-${name}`)
    this.#world = {
      topics: of('a', 'b', 'c'),
      missing: 'd-none',
      internalTopics: [],
      topicIds: [],
      groups: of('g1', 'g2'),
      memberIds: [],
      transactionalIds: of('t1', 't2'),
      producers: [],
      sessionIds: [],
      nowMs: Date.now(),
    }
  }

  async ask(requests: number): Promise<string[]> {
    const rows = await servedVersions(this.#ourPort, isAsked)
    await this.#prepare()
    const found: string[] = []
    for (let i = 0; i < requests; i++) {
      if (i % REQUESTS_PER_ROUND === 0) await this.#drawAcls()
      const { api, minVersion, maxVersion } = pick(this.#draw, rows)
      const version = minVersion + Math.floor(this.#draw() * (maxVersion - minVersion + 1))
      const json = randomRequest(api, version, this.#world, this.#draw)
      const { differences } = await this.#somebody.ask(api, version, json)
      if (takesAMoment.has(api.key)) await setTimeout(150)
      const told = differences.filter((each) => !isKafkasRequest(each))
      if (told.length === 0) continue
      found.push(`${api.name} v${version} ${JSON.stringify(json)}\n    ${told.slice(0, 5).join('\n    ')}`)
    }
    this.#admin.close()
    this.#somebody.close()
    return found
  }

  async #prepare(): Promise<void> {
    const { topics, groups, transactionalIds } = this.#world
    const all = [TOPIC, GROUP, TRANSACTIONAL_ID].map((type) => entry(type, '*', ADMIN))
    await this.#both(30, 3, { creations: [...all, entry(CLUSTER, 'kafka-cluster', ADMIN)] })
    const wishes = topics.map((name, i) => ({
      ...{ name, numPartitions: i + 1, replicationFactor: 1, assignments: [], configs: [] },
    }))
    const made = await this.#both(19, 7, { topics: wishes, timeoutMs: 5000, validateOnly: false })
    for (const topic of Array.isArray(made.topics) ? made.topics : []) {
      if (isObject(topic)) this.#world.topicIds.push(String(topic.topicId))
    }
    for (const key of groups) await this.#both(10, 4, { keyType: 0, coordinatorKeys: [key] })
    for (const key of transactionalIds) await this.#both(10, 4, { keyType: 1, coordinatorKeys: [key] })
    await setTimeout(500)
  }

  /** Half of the time only some words of what the requests are about are allowed, the other half all is, but. */
  async #drawAcls(): Promise<void> {
    const filter = {
      resourceTypeFilter: 1,
      resourceNameFilter: null,
      patternTypeFilter: 1,
      principalFilter: null,
    }
    await this.#both(31, 3, {
      filters: [{ ...filter, hostFilter: SOMEBODY, operation: 1, permissionType: 1 }],
    })
    const creations = Array.from({ length: 8 }, () => this.#drawAcl())
    if (this.#draw() < 0.3) creations.push(entry(TOPIC, '*', SOMEBODY), entry(GROUP, '*', SOMEBODY))
    await this.#both(30, 3, { creations })
    // Kafka's brokers hear of them a moment after the answer
    await setTimeout(200)
  }

  #drawAcl(): JsonObject {
    const type = pick(this.#draw, [TOPIC, TOPIC, TOPIC, GROUP, GROUP, CLUSTER, TRANSACTIONAL_ID])
    const names = {
      [TOPIC]: [...this.#world.topics, 'd-none', '*', 'a', 'd-'],
      [GROUP]: [...this.#world.groups, '*', 'a'],
      [CLUSTER]: ['kafka-cluster'],
      [TRANSACTIONAL_ID]: [...this.#world.transactionalIds, '*', 'a'],
    }[type]
    const name = pick(this.#draw, names)
    const isPrefix = type !== CLUSTER && this.#draw() < 0.3
    return {
      ...entry(type, name, SOMEBODY),
      resourcePatternType: isPrefix ? PREFIXED : LITERAL,
      principal: pick(this.#draw, ['User:ANONYMOUS', 'User:*', 'User:other']),
      operation: pick(this.#draw, operations),
      permissionType: this.#draw() < 0.2 ? DENY : ALLOW,
    }
  }

  async #both(key: number, version: number, json: JsonObject): Promise<JsonObject> {
    const api = apiOf(key)
    if (api === undefined) throw new Error(`no API ${key}`)
    for (let left = 50; left > 0; left--) {
      const { theirs } = await this.#admin.ask(api, version, json)
      if (theirs !== undefined && !/"errorCode":(14|15|16|7)\b/.test(JSON.stringify(theirs))) return theirs
      await setTimeout(200)
    }
    throw new Error(`Kafka does not come to ${api.name}`)
  }
}

function entry(resourceType: number, resourceName: string, host: string): JsonObject {
  return {
    ...{ resourceType, resourceName, resourcePatternType: LITERAL, principal: 'User:ANONYMOUS', host },
    ...{ operation: ALL, permissionType: ALLOW },
  }
}

/** What Kafka shows of its request is an object of its own. */
function isKafkasRequest(difference: string): boolean {
  return /errorMessage.*Request\(.* needs [A-Z_]+ permission/.test(difference)
}
