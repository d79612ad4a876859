import type { Clock } from '../../ports/clock.ts'
import type { Api } from '../../protocol/api.ts'
import { errorNameOf } from '../../protocol/error-codes.ts'
import { formatTime } from '../../values/times.ts'
import { type ConnectionFacts, closeConnection, neverAnswered, noResponse } from '../apis/handler.ts'
import type { RequestJournal } from './request-journal.ts'
import { tellable } from './tellable.ts'

/** A line is no longer than that, so that a hostile request costs no more than others. */
const LONGEST_REQUEST = 64 * 1024
const LONGEST_WITH_RECORDS = 4 * 1024 * 1024

const silences: ReadonlyMap<unknown, string> = new Map([
  [noResponse, 'no answer wanted'],
  [neverAnswered, 'never answered'],
  [closeConnection, 'closed'],
])

export interface Journaled {
  readonly api: Api
  readonly version: number
  readonly correlationId: number
  readonly clientId: string | null
  readonly connection: ConnectionFacts
  readonly body: unknown
  readonly sizeBytes: number
}

/** Of one request: begun before it is handled, since its bytes may be gone afterwards. */
export class JournalEntry {
  readonly #journal: RequestJournal
  readonly #clock: Clock
  readonly #about: Record<string, unknown>
  readonly #request: string
  readonly #sinceMs: number

  constructor(journal: RequestJournal, clock: Clock, asked: Journaled) {
    const { api, version, correlationId, clientId, connection, sizeBytes } = asked
    this.#journal = journal
    this.#clock = clock
    this.#sinceMs = clock.monotonicMs()
    this.#about = {
      time: formatTime(clock.nowMs()),
      ...{ connection: connection.id, peer: connection.peerHost, listener: connection.listenerName },
      ...{ principal: connection.principal, clientId, api: api.name, version, correlationId },
      requestBytes: sizeBytes,
    }
    this.#request = requestText(asked, journal.hasRecords)
  }

  /** Nothing was sent: why, as handlers say it, or because nobody is there any more. */
  silent(reply: unknown): void {
    this.end(silences.get(reply) ?? 'client gone', undefined, 0)
  }

  /** `outcome` is `answered`, or what happened in place of an answer. */
  end(outcome: string, answer: unknown, responseBytes: number): void {
    const about = {
      ...this.#about,
      durationMs: Math.round((this.#clock.monotonicMs() - this.#sinceMs) * 1000) / 1000,
      ...{ outcome, responseBytes, errors: errorsIn(answer) },
    }
    const head = JSON.stringify(about)
    this.#journal.write(printable(`${head.slice(0, -1)},"request":${this.#request}}`))
  }
}

/** What is too long is left out, and said to be. JSON has no line ends and no control characters of a client's. */
function requestText({ api, version, body, sizeBytes }: Journaled, hasRecords: boolean): string {
  const longest = hasRecords ? LONGEST_WITH_RECORDS : LONGEST_REQUEST
  if (hasRecords && sizeBytes > longest) return 'null'
  const json = tellable(api.request, body, version, hasRecords)
  const text = json === undefined ? 'null' : JSON.stringify(json)
  return text.length > longest ? 'null' : text
}

/** A terminal that shows the file obeys none of these either. */
function printable(text: string): string {
  return text.replace(/[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}

/** By Kafka's names, each once. */
function errorsIn(answer: unknown): string[] {
  const found = new Set<string>()
  collect(answer, found)
  return [...found]
}

function collect(value: unknown, found: Set<string>): void {
  if (Array.isArray(value)) for (const element of value) collect(element, found)
  else if (typeof value === 'object' && value !== null && !Buffer.isBuffer(value)) {
    for (const [name, inner] of Object.entries(value)) {
      const isCode = name === 'errorCode' || name === 'partitionErrorCode'
      if (isCode && typeof inner === 'number') {
        if (inner !== 0) found.add(errorNameOf(inner))
      } else collect(inner, found)
    }
  }
}
