import { setTimeout } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'
import { fetch } from '../../src/lib/protocol/apis/fetch.ts'
import { shareFetch } from '../../src/lib/protocol/apis/share-fetch.ts'
import { differences, type Rules } from './differences.ts'
import { Identities } from './identities.ts'
import { Link, type Outcome } from './link.ts'
import { type JsonObject, type ReadRequest, readRequest, readResponse, writeRequest } from './messages.ts'

/** What a client and Apache Kafka 4.3.1 said to each other. */
export interface Session {
  readonly client: string
  readonly version: string
  readonly scenario: string
  readonly nodes: number
  readonly topic: string
  readonly partitions: number
  readonly lines: readonly Line[]
}

interface Line {
  readonly conn: number
  readonly event?: 'open' | 'close'
  readonly dir?: 'request' | 'response'
  readonly apiKey: number
  readonly apiVersion: number
  readonly bodyVersion?: number
  readonly correlationId: number
  readonly tMs: number
  readonly hex: string
}

export function readSession(bytes: Buffer): Session {
  const [head = '{}', ...lines] = gunzipSync(bytes).toString('utf8').trim().split('\n')
  const { session } = JSON.parse(head) as { session: Omit<Session, 'lines'> }
  return { ...session, lines: lines.map((line) => JSON.parse(line) as Line) }
}

/** One request of the session that our broker answered. */
export interface Exchange {
  readonly api: string
  readonly version: number
  readonly differences: readonly string[]
}

const PATIENCE_MS = 10_000
/** So that what was asked over one connection arrives before what was asked later over another. */
const GAP_MS = 3
const PAUSE_MS = 60

interface Asked {
  readonly request: ReadRequest
  readonly outcome: Promise<Outcome>
}

/** Says to a broker what the client said, in the same order, each answer awaited where Kafka's came. */
export class Replay {
  readonly #port: number
  readonly #rules: Rules
  readonly #served: ReadonlySet<number>
  /** Told how long after the beginning the next was said. */
  readonly #timePasses: (tMs: number) => void
  readonly #ids = new Identities()
  readonly #links = new Map<number, Link>()
  readonly #asked = new Map<string, Asked>()
  /** Fetches that Kafka had something for: it may take ours longer to begin. */
  #fruitful = new Set<string>()
  readonly exchanges: Exchange[] = []

  /** Requests of APIs that the broker does not serve are left out. */
  constructor(
    port: number,
    rules: Rules,
    served: ReadonlySet<number>,
    timePasses: (tMs: number) => void = () => {},
  ) {
    this.#timePasses = timePasses
    this.#port = port
    this.#rules = rules
    this.#served = served
  }

  async run(session: Session): Promise<void> {
    this.#fruitful = new Set(session.lines.filter(hasRecords).map(idOf))
    try {
      let lastMs = 0
      for (const line of session.lines) {
        // What a client waited for, such as the end of a transaction, takes its time with us as well.
        await setTimeout(Math.min(PAUSE_MS, Math.max(GAP_MS, line.tMs - lastMs)))
        lastMs = line.tMs
        this.#timePasses(line.tMs)
        if (line.event !== undefined) await this.#event(line)
        else if (line.dir === 'request') await this.#request(line)
        else await this.#response(line)
      }
    } finally {
      for (const link of this.#links.values()) link.close()
    }
  }

  async #event({ conn, event }: Line): Promise<void> {
    if (event === 'open') this.#links.set(conn, await Link.open(this.#port))
    else this.#links.get(conn)?.close()
  }

  async #request(line: Line): Promise<void> {
    const recorded = Buffer.from(line.hex, 'hex')
    const request = readRequest(recorded)
    const link = this.#links.get(line.conn)
    if (request === undefined || link === undefined || !this.#served.has(line.apiKey)) return
    const json = this.#ids.translate(request.json) as JsonObject
    if (this.#fruitful.has(idOf(line))) json.maxWaitMs = PATIENCE_MS / 2
    const frame = writeRequest({ ...request, json })
    if (json.acks === 0) link.send(frame)
    else this.#asked.set(idOf(line), { request, outcome: link.ask(frame, PATIENCE_MS) })
  }

  async #response(line: Line): Promise<void> {
    const asked = this.#asked.get(idOf(line))
    if (asked === undefined) return
    this.#asked.delete(idOf(line))
    const { api } = asked.request
    const version = line.bodyVersion ?? line.apiVersion
    const outcome = await asked.outcome
    // The client was gone before the answer came.
    if (this.#links.get(line.conn)?.isClosed === true && typeof outcome === 'string') return
    const theirs = readResponse(api, version, Buffer.from(line.hex, 'hex'))
    this.exchanges.push({
      api: api.name,
      version,
      differences: this.#compare(asked, version, theirs, outcome),
    })
  }

  #compare({ request }: Asked, version: number, theirs: JsonObject, outcome: Outcome): string[] {
    if (typeof outcome === 'string') return [outcome]
    const ours = readResponse(request.api, version, outcome)
    this.#ids.learn(theirs, ours)
    return differences(this.#ids.translate(theirs), ours, this.#rules)
  }
}

function hasRecords({ dir, apiKey, apiVersion, bodyVersion, hex }: Line): boolean {
  const api = [fetch, shareFetch].find(({ key }) => key === apiKey)
  if (dir !== 'response' || api === undefined) return false
  const answer = readResponse(api, bodyVersion ?? apiVersion, Buffer.from(hex, 'hex'))
  return /"records":"[^"]/.test(JSON.stringify(answer))
}

function idOf({ conn, correlationId, apiKey }: Line): string {
  return `${conn} ${apiKey} ${correlationId}`
}
