import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '../../../src/lib/ports/random.ts'
import { systemRandom } from '../../../src/lib/ports/random.ts'
import type { Api } from '../../../src/lib/protocol/api.ts'
import { joinGroup } from '../../../src/lib/protocol/apis/join-group.ts'
import { syncGroup } from '../../../src/lib/protocol/apis/sync-group.ts'
import { requestHeader } from '../../../src/lib/protocol/headers.ts'
import { Link, type Outcome } from '../../replay/link.ts'
import { type JsonObject, readResponse } from '../../replay/messages.ts'
import { inOrder, Journal, told } from './journal.ts'

const PATIENCE_MS = 20_000
/** An answer that does not come so soon waits for something. */
const WAITING_MS = 60
const SETTLED_MS = 4000

/** The ids that our broker gives out are those that Kafka gave: all that hangs on them is the same. */
export class RepeatedIds implements Random {
  #next: Buffer | null = null

  repeat(id: string | undefined): void {
    this.#next = id === undefined ? null : bytesOf(id)
  }

  bytes(count: number): Buffer {
    return this.#next !== null && count === this.#next.length
      ? Buffer.from(this.#next)
      : systemRandom.bytes(count)
  }

  below(limit: number): number {
    return systemRandom.below(limit)
  }
}

/** An UUID with dashes at its end, or one in 22 characters. */
function bytesOf(id: string): Buffer {
  const dashed = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.exec(id)
  return dashed === null ? Buffer.from(id, 'base64url') : Buffer.from(dashed[0].replaceAll('-', ''), 'hex')
}

interface Waiting {
  readonly what: string
  readonly read: (frame: Buffer) => JsonObject
  readonly tell: (frame: Buffer) => string
  readonly theirs: Promise<Outcome>
  readonly ours: Promise<Outcome>
  readonly answered: { theirs?: Outcome; ours?: Outcome }
  readonly heard: (answer: JsonObject) => void
}

export interface Question {
  readonly api: Api
  readonly version: number
  readonly json: JsonObject
  /** Of the answer; all of it, unless it says otherwise. */
  readonly shown?: (answer: JsonObject) => JsonObject
}

/** The same bytes to Kafka and to our broker; the answers, and what both have written, have to be the same. */
export class BrokerPair {
  readonly differences: string[] = []
  readonly ids: RepeatedIds
  readonly #ports: { readonly theirs: number; readonly ours: number }
  readonly #links = new Map<string, { theirs: Link; ours: Link }>()
  readonly #journals: { readonly theirs: Journal; readonly ours: Journal }
  readonly #waiting = new Set<Waiting>()
  #isInAnyOrder = false

  private constructor(
    ports: { theirs: number; ours: number },
    ids: RepeatedIds,
    journals: { theirs: Journal; ours: Journal },
  ) {
    this.#ports = ports
    this.ids = ids
    this.#journals = journals
  }

  static async open(ports: { theirs: number; ours: number }, ids: RepeatedIds): Promise<BrokerPair> {
    const journals = { theirs: await Journal.open(ports.theirs), ours: await Journal.open(ports.ours) }
    return new BrokerPair(ports, ids, journals)
  }

  /**
   * Kafka's answer, or nothing where it has to wait: then `heard` gets it. Where Kafka makes an id up, `idIn` finds it
   * in the answer, and `idElsewhere` where there is none yet.
   */
  async ask(
    by: string,
    question: Question,
    heard: (answer: JsonObject) => void,
    idElsewhere?: () => Promise<string | undefined>,
  ): Promise<void> {
    const { theirs, ours } = await this.#linksOf(by)
    const frame = frameOf(question)
    const { api, version } = question
    const read = (bytes: Buffer) => readResponse(api, version, bytes)
    const asked = theirs.ask(frame, PATIENCE_MS)
    const mayWait = api.key === joinGroup.key || api.key === syncGroup.key
    const first = mayWait ? await Promise.race([asked, sleep(WAITING_MS, null)]) : await asked
    const known = first instanceof Buffer ? idOf(read(first)) : await this.#idMadeUp(asked, read, idElsewhere)
    this.ids.repeat(known)
    const waiting: Waiting = {
      what: `${api.name} v${version} ${JSON.stringify(question.json)}`,
      read,
      tell: (bytes) => {
        const answer = read(bytes)
        return `${inOrder(question.shown?.(answer) ?? answer)} of ${question.shown ? 'some' : bytes.length} bytes`
      },
      theirs: asked,
      ours: ours.ask(frame, PATIENCE_MS),
      answered: {},
      heard,
    }
    void waiting.theirs.then((outcome) => Object.assign(waiting.answered, { theirs: outcome }))
    void waiting.ours.then((outcome) => Object.assign(waiting.answered, { ours: outcome }))
    this.#waiting.add(waiting)
    if (first !== null) await waiting.ours
    else await sleep(10)
    this.ids.repeat(undefined)
    await this.#hear()
  }

  /** What is written until it is settled next comes in the order of hashes that are others in each Java. */
  inAnyOrder(): void {
    this.#isInAnyOrder = true
  }

  /** Waits until both have answered and written the same, or for so long that they never will. */
  async settle(group: string): Promise<void> {
    const [theirs, ours]: [string[], string[]] = [[], []]
    const endMs = Date.now() + SETTLED_MS
    const isInAnyOrder = this.#isInAnyOrder
    this.#isInAnyOrder = false
    for (let round = 0; ; round++) {
      theirs.push(...(await this.#journals.theirs.read(group)).map(told))
      ours.push(...(await this.#journals.ours.read(group)).map(told))
      if (isInAnyOrder) for (const written of [theirs, ours]) written.sort()
      await this.#hear()
      const isSame = theirs.join('\n') === ours.join('\n') && this.#halfAnswered().length === 0
      if (isSame) return
      if (Date.now() > endMs) break
      await sleep(round < 5 ? 5 : 50)
    }
    for (const waiting of this.#halfAnswered()) {
      const who = waiting.answered.theirs === undefined ? 'ours alone' : 'Kafka alone'
      this.differences.push(`${who} has answered ${waiting.what}`)
      this.#waiting.delete(waiting)
    }
    if (theirs.join('\n') !== ours.join('\n')) {
      this.differences.push(`written by Kafka:\n  ${theirs.join('\n  ')}\nby ours:\n  ${ours.join('\n  ')}`)
    }
  }

  /** What follows is no matter of the comparison. */
  async unseen<T>(work: () => Promise<T>): Promise<T> {
    const before = this.differences.length
    const done = await work()
    this.differences.length = Math.min(before, this.differences.length)
    return done
  }

  /** Kafka's coordinator hears of topics that come and go a moment after its broker. */
  async again(ask: () => Promise<unknown>): Promise<void> {
    const before = this.differences.length
    for (let left = 20; left > 0; left--) {
      this.differences.length = before
      await ask()
      if (this.differences.length === before) return
      await sleep(50)
    }
  }

  get isWaiting(): boolean {
    return this.#waiting.size > 0
  }

  forget(): void {
    this.#waiting.clear()
    for (const { theirs, ours } of this.#links.values()) {
      theirs.close()
      ours.close()
    }
    this.#links.clear()
  }

  close(): void {
    this.forget()
    this.#journals.theirs.close()
    this.#journals.ours.close()
  }

  #halfAnswered(): Waiting[] {
    return [...this.#waiting].filter(
      ({ answered }) => (answered.theirs === undefined) !== (answered.ours === undefined),
    )
  }

  async #hear(): Promise<void> {
    await sleep(0)
    for (const waiting of this.#waiting) {
      const { theirs, ours } = waiting.answered
      if (theirs === undefined || ours === undefined) continue
      this.#waiting.delete(waiting)
      this.#compare(waiting, theirs, ours)
      if (theirs instanceof Buffer) waiting.heard(waiting.read(theirs))
    }
  }

  #compare({ what, tell }: Waiting, theirs: Outcome, ours: Outcome): void {
    const text = (outcome: Outcome) => (typeof outcome === 'string' ? outcome : tell(outcome))
    const [expected, found] = [text(theirs), text(ours)]
    if (expected !== found) this.differences.push(`${what}\n  ours:  ${found}\n  Kafka: ${expected}`)
  }

  /** Kafka is slow, or it waits and can be asked for the id. */
  async #idMadeUp(
    asked: Promise<Outcome>,
    read: (frame: Buffer) => JsonObject,
    idElsewhere: (() => Promise<string | undefined>) | undefined,
  ): Promise<string | undefined> {
    for (let left = 50; idElsewhere !== undefined && left > 0; left--) {
      const answer = await Promise.race([asked, sleep(WAITING_MS, null)])
      const id = answer instanceof Buffer ? idOf(read(answer)) : await idElsewhere()
      if (id !== undefined || answer !== null) return id
    }
    return undefined
  }

  /** One that waits is no more asked by the same way: Kafka answers in turn. */
  async #linksOf(by: string): Promise<{ theirs: Link; ours: Link }> {
    const known = this.#links.get(by)
    if (known !== undefined && !known.theirs.isClosed && !known.ours.isClosed) return known
    const { theirs, ours } = this.#ports
    const links = { theirs: await Link.open(theirs), ours: await Link.open(ours) }
    this.#links.set(by, links)
    return links
  }
}

function idOf({ memberId, topics }: JsonObject): string | undefined {
  if (typeof memberId === 'string' && memberId !== '') return memberId
  const [topic] = Array.isArray(topics) ? topics : []
  return (topic as JsonObject | undefined)?.topicId as string | undefined
}

function frameOf({ api, version, json }: Question): Buffer {
  const header = requestHeader.encode(
    {
      ...requestHeader.create(),
      requestApiKey: api.key,
      requestApiVersion: version,
      correlationId: 1,
      clientId: 'pair',
    },
    api.requestHeaderVersion(version),
  )
  const body = api.request.encode(api.request.fromJson(json, version), version)
  const length = Buffer.alloc(4)
  length.writeInt32BE(header.length + body.length)
  return Buffer.concat([length, header, body])
}
