import type { Api } from '../../src/lib/protocol/api.ts'
import { isObject, type Json, type JsonObject } from './messages.ts'
import { type Draw, pick, type World } from './random-world.ts'
import { topicConfigs, wordsFor } from './vocabulary.ts'

const PRODUCE = 0
const WRITE_SHARE_GROUP_STATE = 85
const ALTER_CLIENT_QUOTAS = 49
const WRITE_TXN_MARKERS = 27
/** A producer's id that no broker has given out: small ones may be other producers' here and there. */
const NOBODY = 987_654_321

/** A request with the shape of this version, and values that mean something more often than not. */
export function randomRequest(api: Api, version: number, world: World, draw: Draw): JsonObject {
  const value = api.request.random(draw, version)
  const json = api.request.toJson(value, version) as JsonObject
  const request = new Meaning(api.name, world, draw).of(json, '') as JsonObject
  if (api.key === WRITE_TXN_MARKERS) return { ...request, markers: listOf(request.markers).map(sound) }
  if (api.key === WRITE_SHARE_GROUP_STATE) return inOrder(request) as JsonObject
  if (api.key === ALTER_CLIENT_QUOTAS) return sparingUs(request)
  return api.key === PRODUCE ? eachPartitionOnce(request) : request
}

/** Of batches that end before they begin Kafka's share coordinator never comes to an end. */
function inOrder(json: Json): Json {
  if (Array.isArray(json)) return json.map(inOrder)
  if (!isObject(json)) return json
  const inner = Object.fromEntries(Object.entries(json).map(([key, value]) => [key, inOrder(value)]))
  const { firstOffset, lastOffset } = inner
  if (typeof firstOffset !== 'number' || typeof lastOffset !== 'number') return inner
  return { ...inner, lastOffset: Math.max(firstOffset, lastOffset) }
}

/** A quota of everybody would be one of whoever compares. */
function sparingUs(request: JsonObject): JsonObject {
  const entities = listOf(request.entries).flatMap(({ entity }) => listOf(entity))
  return entities.some(({ entityName }) => entityName === null) ? { ...request, validateOnly: true } : request
}

/** A marker of nobody spoils the others in Kafka, but not those that were written before it. */
function sound(marker: JsonObject): JsonObject {
  const [id, epoch] = [Number(marker.producerId), Number(marker.producerEpoch)]
  return { ...marker, producerId: id < 0 ? NOBODY : id, producerEpoch: Math.max(0, epoch) }
}

/** Of two batches for one partition Kafka may append the one, and answer with what was wrong with the other. */
function eachPartitionOnce(request: JsonObject): JsonObject {
  const seen = new Set<string>()
  const topicData = listOf(request.topicData).map((topic) => ({
    ...topic,
    partitionData: listOf(topic.partitionData).filter(({ index }) => {
      const place = `${topic.name}/${topic.topicId}/${index}`
      return !seen.has(place) && seen.add(place)
    }),
  }))
  return { ...request, topicData }
}

function listOf(json: Json | undefined): JsonObject[] {
  return Array.isArray(json) ? json.filter(isObject) : []
}

class Meaning {
  readonly #api: string
  readonly #world: World
  readonly #draw: Draw

  constructor(api: string, world: World, draw: Draw) {
    this.#api = api
    this.#world = world
    this.#draw = draw
  }

  of(json: Json, name: string): Json {
    if (Array.isArray(json)) return this.#list(json, name)
    if (isObject(json)) return this.#object(json, name)
    const words = wordsFor(this.#api, name)
    if (words === undefined) return json
    // What may be null is it now and then.
    if (json === null && this.#draw() < 0.4) return null
    return pick(this.#draw, words(this.#world, this.#draw))
  }

  #list(json: readonly Json[], name: string): Json[] {
    // Of several settings that are wrong Kafka names the one that its hash table happens to have first.
    const most = name === 'configs' ? 1 : 3
    const items = json.slice(0, most).map((item) => this.of(item, `${name}[]`))
    return distinct(items, tellingApart[`${this.#api}.${name}`] ?? tellingApart[name])
  }

  #object(json: JsonObject, name: string): JsonObject {
    const { producers } = this.#world
    const producer = pick(this.#draw, [...producers.slice(-4), { producerId: -1, producerEpoch: -1 }])
    const named = Object.fromEntries(Object.entries(json).map(([key, value]) => [key, this.of(value, key)]))
    for (const prefix of ['producer', 'v3AndBelowProducer']) {
      if (`${prefix}Id` in named && this.#draw() < 0.8) named[`${prefix}Id`] = producer.producerId
      if (`${prefix}Epoch` in named && this.#draw() < 0.8) named[`${prefix}Epoch`] = producer.producerEpoch
    }
    if (name === 'configs[]') return { ...named, ...pick(this.#draw, topicConfigs) }
    return named
  }
}

/**
 * Lists that Kafka stumbles over where an item is there twice: a group whose member has two protocols of one name
 * never agrees on one, and of two transactions of one id the first gets what the other asks for.
 */
const tellingApart: Readonly<Record<string, string>> = {
  protocols: 'name',
  transactions: 'transactionalId',
}

function distinct(items: readonly Json[], key: string | undefined): Json[] {
  const isFirst = (item: Json, i: number) =>
    items.findIndex((other) => keyIn(other, key) === keyIn(item, key)) === i
  return key === undefined ? [...items] : items.filter(isFirst)
}

function keyIn(item: Json, key = ''): Json | undefined {
  return isObject(item) ? item[key] : undefined
}
