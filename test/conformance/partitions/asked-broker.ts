import { setTimeout } from 'node:timers/promises'
import type { Api } from '../../../src/lib/protocol/api.ts'
import { createTopics } from '../../../src/lib/protocol/apis/create-topics.ts'
import { metadata } from '../../../src/lib/protocol/apis/metadata.ts'
import { requestHeader } from '../../../src/lib/protocol/headers.ts'
import { Link } from '../../replay/link.ts'
import { isObject, type Json, type JsonObject, readResponse, writeRequest } from '../../replay/messages.ts'

const PATIENCE_MS = 2000
/** A leader that was named in the metadata takes a moment to know it itself. */
const SETTLING_MS = 300

export interface MadeTopic {
  readonly name: string
  readonly topicId: string
}

/** A broker that is asked by JSON, and whose answers can be held against another broker's. */
export class AskedBroker {
  readonly #port: number
  readonly #prefix: string
  /** What differs from broker to broker by its nature, and what stands in its place. */
  readonly #aliases = new Map<string, string>()
  #link: Link | undefined
  #made = 0

  constructor(port: number) {
    this.#port = port
    this.#prefix = `p${process.pid.toString(36)}${Date.now().toString(36)}`
  }

  async topic(configs: Readonly<Record<string, string>> = {}, numPartitions = 1): Promise<MadeTopic> {
    const number = this.#made++
    const name = `${this.#prefix}${String.fromCharCode(97 + number)}`
    const entries = Object.entries(configs).map(([key, value]) => ({ name: key, value }))
    const topics = [{ name, numPartitions, replicationFactor: 1, assignments: [], configs: entries }]
    await this.#answer(createTopics, 5, { topics, timeoutMs: 10_000, validateOnly: false })
    await setTimeout(SETTLING_MS)
    const asked = [{ topicId: 'AAAAAAAAAAAAAAAAAAAAAA', name }]
    const answer = await this.#answer(metadata, 12, { topics: asked })
    const { topics: found } = answer as unknown as { topics: MadeTopic[] }
    const topicId = found[0]?.topicId ?? ''
    this.#aliases.set(name, `topic ${number}`)
    this.#aliases.set(topicId, `id ${number}`)
    return { name, topicId }
  }

  /** The answer with all in it that both brokers must have in common. */
  async ask(api: Api, version: number, json: JsonObject): Promise<Json> {
    return this.#comparable(await this.#answer(api, version, json))
  }

  /** The answer as it is. */
  answer(api: Api, version: number, json: JsonObject): Promise<Json> {
    return this.#answer(api, version, json)
  }

  close(): void {
    this.#link?.close()
  }

  async #answer(api: Api, version: number, json: JsonObject): Promise<Json> {
    if (this.#link === undefined || this.#link.isClosed) this.#link = await Link.open(this.#port)
    const header = {
      ...requestHeader.create(),
      ...{ requestApiKey: api.key, requestApiVersion: version, clientId: 'asker' },
    }
    const full = filledIn(api, version, json)
    const frame = writeRequest({ api, version, header, json: full, trailing: Buffer.alloc(0) })
    const outcome = await this.#link.ask(frame, PATIENCE_MS)
    if (typeof outcome !== 'string') return readResponse(api, version, outcome)
    this.#link.close()
    return outcome
  }

  #comparable(value: Json, key = ''): Json {
    if (Array.isArray(value)) return inOrder(value.map((each) => this.#comparable(each, key)))
    if (isObject(value)) {
      return Object.fromEntries(
        Object.entries(value).map(([name, each]) => [name, this.#comparable(each, name)]),
      )
    }
    if (key === 'records' && typeof value === 'string') return `${Buffer.from(value, 'base64').length} bytes`
    if (isTime(key, value)) return 'a time'
    if (key === 'sessionId' && value !== 0) return 'a session'
    if (key === 'port') return 'a port'
    return typeof value === 'string' ? this.#withoutNames(value) : value
  }

  #withoutNames(text: string): string {
    let plain = text.replace(/-?\d{13,}/g, 'a time')
    for (const [name, alias] of this.#aliases) plain = plain.replaceAll(name, alias)
    return plain
  }
}

/** Kafka answers with partitions in the order of its hash maps. */
function inOrder(items: Json[]): Json[] {
  const place = (item: Json) => {
    if (!isObject(item)) return 0
    const { index, partitionIndex } = item
    return Number(index ?? partitionIndex ?? 0)
  }
  return items.toSorted((a, b) => place(a) - place(b))
}

function isTime(key: string, value: Json): boolean {
  return (key === 'logAppendTimeMs' || key === 'lastTimestamp') && Number(value) > 0
}

/** What a request does not say is at its default. */
function filledIn(api: Api, version: number, json: JsonObject): JsonObject {
  const made = api.request.toJson(api.request.create() as never, version) as JsonObject
  return { ...made, ...json }
}
