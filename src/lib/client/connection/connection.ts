import { Reader } from '../../bytes/reader.ts'
import { ConnectionError, DataError, KtoolError } from '../../errors.ts'
import type { Cancel, Clock } from '../../ports/clock.ts'
import type { Link, Network, Receiver, TlsTrust } from '../../ports/network.ts'
import type { AnswerOf, Api, QuestionOf } from '../../protocol/api.ts'
import { requestHeader, responseHeader } from '../../protocol/headers.ts'
import { BrokerVersions, type VersionLimits } from './broker-versions.ts'
import { FrameInlet } from './frame-inlet.ts'
import { hungUp } from './hung-up.ts'
import type { Peer } from './peer.ts'
import type { Session } from './session.ts'

export interface ConnectionParts {
  readonly network: Network
  readonly clock: Clock
  readonly clientId: string
  readonly tls: TlsTrust | null
}

interface Pending {
  readonly name: string
  readonly key: number
  readonly answered: (frame: Buffer) => void
  readonly failed: (error: KtoolError) => void
  readonly cancel: Cancel
}

/** SaslHandshake and SaslAuthenticate: who asks them renews the session that others wait for. */
const RENEWING = new Set([17, 36])
const API_VERSIONS = 18

/** One link to one broker. Requests go out at once; answers come in their order, or as the broker likes. */
export class Connection implements Receiver {
  readonly peer: Peer
  readonly #parts: ConnectionParts
  readonly #inlet: FrameInlet
  readonly #pending = new Map<number, Pending>()
  #link: Link | undefined
  #correlationId = 0
  #end: KtoolError | undefined
  #quiet: (() => void)[] = []
  #hasServed = false
  /** How long the broker believes who we are; none on a listener without SASL. */
  session: Session | undefined
  /** What it serves; everything that exists, until it was asked. */
  versions: BrokerVersions

  private constructor(peer: Peer, parts: ConnectionParts) {
    this.peer = peer
    this.#parts = parts
    this.versions = BrokerVersions.unasked(peer)
    this.#inlet = new FrameInlet((frame) => this.#answered(frame))
  }

  /** The link stands; nothing was asked yet, not even who is there. */
  static async open(peer: Peer, parts: ConnectionParts, patienceMs: number): Promise<Connection> {
    const connection = new Connection(peer, parts)
    const patience = new AbortController()
    const cancel = parts.clock.after(patienceMs, () => patience.abort())
    try {
      const way = { signal: patience.signal, ...(parts.tls === null ? {} : { tls: parts.tls }) }
      connection.#link = await parts.network.connect(peer, connection, way)
      return connection
    } catch (error) {
      if (!patience.signal.aborted) throw error
      throw new ConnectionError('connection-timed-out', `${peer.name}: no answer`, {
        hint: 'see whether it runs, and whether a firewall is between',
        details: { host: peer.host, port: peer.port },
      })
    } finally {
      cancel()
    }
  }

  get isClosed(): boolean {
    return this.#end !== undefined
  }

  /** At the highest version that both sides know. */
  ask<A extends Api>(
    api: A,
    question: QuestionOf<A>,
    patienceMs: number,
    limits?: VersionLimits,
  ): Promise<AnswerOf<A>> {
    const version = this.versions.of(api, limits)
    return this.askAt(api, version, question, patienceMs)
  }

  async askAt<A extends Api>(
    api: A,
    version: number,
    question: QuestionOf<A>,
    patienceMs: number,
  ): Promise<AnswerOf<A>> {
    const frame = await this.askFrame(api, version, question, patienceMs)
    return this.understood(() => api.response.decode(frame, version) as AnswerOf<A>)
  }

  /** The answer's body as it came, for what need not be understood, or in another way. */
  async askFrame<A extends Api>(
    api: A,
    version: number,
    question: QuestionOf<A>,
    patienceMs: number,
  ): Promise<Buffer> {
    const renewal = RENEWING.has(api.key) ? undefined : this.#renewal(patienceMs)
    if (renewal !== undefined) await renewal
    const frame = await this.#exchange(api, version, question, patienceMs)
    const reader = new Reader(frame)
    this.understood(() => responseHeader.read(reader, api.responseHeaderVersion(version)))
    return frame.subarray(reader.position)
  }

  /** For what the broker answers with nothing: Produce without acknowledgement. */
  async tell<A extends Api>(
    api: A,
    version: number,
    question: QuestionOf<A>,
    patienceMs: number,
  ): Promise<void> {
    const renewal = this.#renewal(patienceMs)
    if (renewal !== undefined) await renewal
    this.#send(api, version, question)
  }

  close(): void {
    this.#fail(this.#gone('was closed'))
    this.#link?.end()
  }

  room(): Uint8Array {
    return this.#inlet.room()
  }

  received(sizeBytes: number): void {
    try {
      this.#inlet.received(sizeBytes)
    } catch (error) {
      this.#break(error instanceof ConnectionError ? this.#named(error) : this.#garbled(error))
    }
  }

  drained(): void {}

  closed(cause?: Error): void {
    // TLS tells only afterwards that it does not like our certificate.
    if (cause instanceof KtoolError) this.#fail(cause)
    else this.#fail(this.#gone(cause === undefined ? 'closed the connection' : 'cut the connection', cause))
  }

  /** A broker that no longer believes us is of no use, and Kafka would cut the link. */
  async #renewed(renewal: Promise<void>): Promise<void> {
    try {
      await renewal
    } catch (error) {
      if (error instanceof KtoolError) this.#break(error)
      throw error
    }
  }

  #renewal(patienceMs: number): Promise<void> | undefined {
    const renewal = this.session?.renewal(patienceMs, () => this.#whenQuiet())
    return renewal === undefined ? undefined : this.#renewed(renewal)
  }

  #whenQuiet(): Promise<void> {
    if (this.#pending.size === 0) return Promise.resolve()
    return new Promise((resolve) => {
      this.#quiet.push(resolve)
    })
  }

  #settled(): void {
    if (this.#pending.size > 0) return
    for (const go of this.#quiet.splice(0)) go()
  }

  #exchange<A extends Api>(
    api: A,
    version: number,
    question: QuestionOf<A>,
    patienceMs: number,
  ): Promise<Buffer> {
    const id = (this.#correlationId + 1) & 0x7fff_ffff
    return new Promise((resolve, reject) => {
      if (this.#end !== undefined) return reject(this.#end)
      const cancel = this.#parts.clock.after(patienceMs, () => {
        this.#pending.delete(id)
        this.#settled()
        reject(this.#late(api.name, patienceMs))
      })
      this.#pending.set(id, { name: api.name, key: api.key, answered: resolve, failed: reject, cancel })
      try {
        this.#send(api, version, question)
      } catch (error) {
        cancel()
        this.#pending.delete(id)
        reject(error)
      }
    })
  }

  #send<A extends Api>(api: A, version: number, question: QuestionOf<A>): void {
    this.#correlationId = (this.#correlationId + 1) & 0x7fff_ffff
    const head = {
      requestApiKey: api.key,
      requestApiVersion: version,
      correlationId: this.#correlationId,
      clientId: this.#parts.clientId,
    }
    const header = requestHeader.encode(head, api.requestHeaderVersion(version))
    const body = api.request.encode(question, version)
    const frame = Buffer.allocUnsafe(4 + header.length + body.length)
    frame.writeInt32BE(header.length + body.length)
    header.copy(frame, 4)
    body.copy(frame, 4 + header.length)
    this.#link?.write(frame)
  }

  #answered(frame: Buffer): void {
    const id = frame.readInt32BE()
    const pending = this.#pending.get(id)
    // Whoever asked has given up on it; anything else was never asked.
    if (pending === undefined) return
    this.#pending.delete(id)
    this.#hasServed ||= pending.key !== API_VERSIONS
    pending.cancel()
    pending.answered(frame)
    this.#settled()
  }

  /** An answer that makes no sense is told with who gave it. */
  understood<T>(read: () => T): T {
    try {
      return read()
    } catch (error) {
      throw error instanceof DataError ? this.#garbled(error) : error
    }
  }

  #break(error: KtoolError): void {
    this.#fail(error)
    this.#link?.destroy()
  }

  #fail(error: KtoolError): void {
    this.#end ??= error
    const waiting = [...this.#pending.values()]
    this.#pending.clear()
    for (const { cancel, failed } of waiting) {
      cancel()
      failed(this.#end)
    }
    this.#settled()
  }

  #gone(how: string, cause?: Error): ConnectionError {
    const first = this.#pending.values().next().value
    const { tls } = this.#parts
    const isUnknown = !this.#hasServed && this.session === undefined
    return hungUp(this.peer, how, { asked: first?.name, hasTls: tls !== null, isUnknown, cause })
  }

  #late(name: string, patienceMs: number): ConnectionError {
    const waited =
      patienceMs >= 1000 ? `${Math.round(patienceMs / 100) / 10} s` : `${Math.round(patienceMs)} ms`
    return new ConnectionError(
      'request-timed-out',
      `${this.peer.name} did not answer ${name} within ${waited}`,
      {
        hint: 'it accepts connections and may hang; give it more time with --timeout 60s',
        details: { host: this.peer.host, port: this.peer.port, api: name },
      },
    )
  }

  #named(error: ConnectionError): ConnectionError {
    return new ConnectionError(error.code, `${this.peer.name}: ${error.message}`, {
      hint: error.hint,
      details: { host: this.peer.host, port: this.peer.port },
    })
  }

  #garbled(cause: unknown): DataError {
    const reason = cause instanceof Error ? cause.message : String(cause)
    return new DataError('unreadable-answer', `${this.peer.name} answered what cannot be read: ${reason}`, {
      cause,
    })
  }
}
