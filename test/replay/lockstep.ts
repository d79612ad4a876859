import { setTimeout } from 'node:timers/promises'
import type { Api } from '../../src/lib/protocol/api.ts'
import { requestHeader } from '../../src/lib/protocol/headers.ts'
import { differences, type Rules } from './differences.ts'
import { Identities } from './identities.ts'
import { Link, type Outcome } from './link.ts'
import { type JsonObject, readResponse, writeRequest } from './messages.ts'
import { closedRules, openRules } from './rules.ts'

export interface Answered {
  /** Of Kafka; nothing where it gave none. */
  readonly theirs?: JsonObject
  readonly differences: readonly string[]
}

const PATIENCE_MS = 1500
const LONG_PATIENCE_MS = 10_000

/** Puts the same requests to Kafka and to our broker, each with the ids that it has given out itself. */
export class Lockstep {
  readonly #ports: { readonly kafka: number; readonly ours: number }
  readonly #rules: Rules
  readonly #ids: Identities
  readonly #from: string
  #links: { kafka: Link; ours: Link } | undefined

  /** Several that come from different addresses may have the ids of both brokers in common. */
  constructor(
    ports: { readonly kafka: number; readonly ours: number },
    rules: Rules,
    { from = '127.0.0.1', ids = new Identities() }: { from?: string; ids?: Identities } = {},
  ) {
    this.#ports = ports
    this.#rules = rules
    this.#from = from
    this.#ids = ids
  }

  /** The request as Kafka shall get it. */
  async ask(api: Api, version: number, json: JsonObject): Promise<Answered> {
    const links = await this.#open()
    const frame = (body: JsonObject) => frameOf(api, version, body)
    const [theirs, ours] = await bothAnswers(
      links.kafka.ask(frame(json), LONG_PATIENCE_MS),
      links.ours.ask(frame(this.#ids.translate(json) as JsonObject), LONG_PATIENCE_MS),
    )
    if (typeof theirs === 'string' || typeof ours === 'string') {
      this.close()
      const said = (outcome: Outcome) => (typeof outcome === 'string' ? outcome : 'an answer')
      const isSame = said(theirs) === said(ours)
      return { differences: isSame ? [] : [`${said(ours)}; Kafka: ${said(theirs)}`] }
    }
    const recorded = readResponse(api, version, theirs)
    const answered = readResponse(api, version, ours)
    this.#ids.learn(recorded, answered)
    const rules = namesItems(json) ? closedRules(this.#rules) : openRules(this.#rules)
    return {
      theirs: recorded,
      differences: differences(this.#ids.translate(recorded), answered, rules),
    }
  }

  close(): void {
    this.#links?.kafka.close()
    this.#links?.ours.close()
    this.#links = undefined
  }

  async #open(): Promise<{ kafka: Link; ours: Link }> {
    const links = this.#links
    if (links !== undefined && !links.kafka.isClosed && !links.ours.isClosed) return links
    this.close()
    const { kafka, ours } = this.#ports
    this.#links = { kafka: await Link.open(kafka, this.#from), ours: await Link.open(ours, this.#from) }
    return this.#links
  }
}

/** Two that say nothing are not waited for as long as the one that says nothing: it may only be slow. */
async function bothAnswers(
  kafka: Promise<Outcome>,
  ours: Promise<Outcome>,
): Promise<readonly [Outcome, Outcome]> {
  let heard = 0
  for (const each of [kafka, ours]) void each.then(() => heard++)
  const both = Promise.all([kafka, ours])
  await Promise.race([both, setTimeout(PATIENCE_MS)])
  return heard === 0 ? ['silence', 'silence'] : await both
}

/** Otherwise it asks for all there are, and each of the two brokers has others. */
function namesItems({ topics, topicNames, users, resources, topicPartitions }: JsonObject): boolean {
  return [topics, topicNames, users, resources, topicPartitions].some(
    (items) => Array.isArray(items) && items.length > 0,
  )
}

function frameOf(api: Api, version: number, json: JsonObject): Buffer {
  const header = {
    ...requestHeader.create(),
    requestApiKey: api.key,
    requestApiVersion: version,
    correlationId: 1,
    clientId: 'differential',
  }
  return writeRequest({ api, version, header, json, trailing: Buffer.alloc(0) })
}
