import { setTimeout } from 'node:timers/promises'
import { goldenLines } from '../golden/vectors.ts'
import { differences, type Rules } from './differences.ts'
import type { Identities } from './identities.ts'
import { Link, type Outcome } from './link.ts'
import { type JsonObject, type ReadRequest, readRequest, readResponse, writeRequest } from './messages.ts'

/** A request that was put to Apache Kafka 4.3.1, and what became of it. */
export interface Probe {
  readonly group: string
  readonly probe: string
  readonly api?: string
  readonly requestHex: string
  readonly responseHex?: string
  readonly outcome?: 'connection closed' | 'silence'
}

export function readProbes(): Probe[] {
  return goldenLines<Probe>('wire/probes.ndjson.gz')
}

/** Longer than any answer takes, and as long as none is waited for where none is due. */
const PATIENCE_MS = 3000
const SILENCE_MS = 700
/** What ends a transaction is written after its answer; the second finds it done, as it was when this was recorded. */
const AFTER_A_MOMENT = /a moment later|^init with a stale epoch$/

/** Of the broker that was asked, as it stands in answers to requests that only bytes can tell. */
const RECORDED_PORT = hexOf(22011)

function hexOf(port: number): string {
  return port.toString(16).padStart(8, '0')
}

export interface ProbeResult {
  readonly probe: Probe
  readonly differences: readonly string[]
}

/** Puts the probes of one group to a broker, in order, over one connection and a new one after each close. */
export class Prober {
  readonly #port: number
  readonly #rules: Rules
  readonly #ids: Identities
  #link: Link | undefined

  constructor(port: number, rules: Rules, ids: Identities) {
    this.#ids = ids
    this.#port = port
    this.#rules = rules
  }

  /** What the broker does not serve has to close the connection, as any unknown API does. */
  async put(probe: Probe, served?: ReadonlySet<number>): Promise<ProbeResult> {
    if (this.#link === undefined || this.#link.isClosed) this.#link = await Link.open(this.#port)
    const recorded = Buffer.from(probe.requestHex, 'hex')
    const request = readRequest(recorded)
    const frame = request === undefined ? recorded : this.#translated(recorded, request)
    if (AFTER_A_MOMENT.test(probe.probe)) await setTimeout(500)
    const patienceMs = probe.outcome === 'silence' ? SILENCE_MS : PATIENCE_MS
    const outcome = await this.#link.ask(frame, patienceMs)
    // Whoever got no answer waits for ever, and all that is sent behind it with it.
    if (outcome === 'silence') this.#link.close()
    if (request !== undefined && served?.has(request.api.key) === false) {
      return {
        probe,
        differences: outcome === 'connection closed' ? [] : ['it is answered, and not advertised'],
      }
    }
    return { probe, differences: this.#compare(probe, outcome) }
  }

  close(): void {
    this.#link?.close()
  }

  /** As it was recorded to the last byte, where it speaks of nothing that the broker made up. */
  #translated(recorded: Buffer, request: ReadRequest): Buffer {
    const json = this.#ids.translate(request.json) as JsonObject
    return JSON.stringify(json) === JSON.stringify(request.json)
      ? recorded
      : writeRequest({ ...request, json })
  }

  #compare(probe: Probe, outcome: Outcome): string[] {
    const expected = probe.outcome ?? 'an answer'
    if (typeof outcome === 'string') return outcome === expected ? [] : [`${outcome}; Kafka: ${expected}`]
    if (probe.outcome !== undefined)
      return [`it answers ${outcome.toString('hex').slice(0, 80)}; Kafka: ${expected}`]
    const request = readRequest(Buffer.from(probe.requestHex, 'hex'))
    if (request === undefined || probe.responseHex === undefined) {
      const [hex, theirs] = [
        outcome.toString('hex'),
        probe.responseHex?.replace(RECORDED_PORT, hexOf(this.#port)),
      ]
      return hex === theirs ? [] : [`it answers ${hex}, Kafka ${theirs}`]
    }
    const ours = readResponse(request.api, request.version, outcome)
    const theirs = readResponse(request.api, request.version, Buffer.from(probe.responseHex ?? '', 'hex'))
    this.#ids.learn(theirs, ours)
    return differences(this.#ids.translate(theirs), ours, this.#rules)
  }
}
