import { Reader } from '../../bytes/reader.ts'
import { DataError } from '../../errors.ts'
import type { Link } from '../../ports/network.ts'
import { closeConnection, neverAnswered, noResponse, type Reply } from '../apis/handler.ts'
import { faultyReply } from '../faults/faulty-reply.ts'
import { JournalEntry } from '../journal/journal-entry.ts'
import type { ConnectionIdentity } from './connection-identity.ts'
import { Mute } from './mute.ts'
import type { Outlet } from './outlet.ts'
import { Request } from './request.ts'
import { type RequestHead, readHead } from './request-head.ts'
import { failureAnswer, withHold, writeResponse, writeUnknownApiVersion } from './respond.ts'
import type { ServerParts } from './server-parts.ts'

const KEY_AND_VERSION_BYTES = 4

/** Answers in place of the handlers, while its client is not let in. */
export interface Gatekeeper {
  /** Throws for what is not to be looked at. */
  mustAwait(head: RequestHead): void
  answer(body: unknown, request: Request): Reply<unknown> | Promise<Reply<unknown>>
}

/** The connection that is asked. */
export interface Asked {
  readonly isClosing: boolean
  /** A mute is over. */
  unmuted(): void
  /** A request was waited for, and `end` answers it. */
  settle(end: () => void): void
  refuse(error: unknown, facts?: Record<string, unknown>): void
  close(): void
}

/** The requests of one client: answered one after the other, as Kafka does it. */
export class RequestChannel {
  readonly #parts: ServerParts
  readonly #identity: ConnectionIdentity
  readonly #outlet: Outlet
  readonly #mute: Mute
  readonly #connection: Asked
  #isBusy = false
  /** A request was lost, and with it all behind it. */
  #isStuck = false
  /** Of memory, by the request that is being answered. */
  #heldBytes = 0
  #clientId: string | null = null
  #requests = 0

  constructor(
    parts: ServerParts,
    identity: ConnectionIdentity,
    { link, outlet }: { readonly link: Link; readonly outlet: Outlet },
    connection: Asked,
  ) {
    this.#parts = parts
    this.#identity = identity
    this.#outlet = outlet
    this.#mute = new Mute(parts.clock, link, outlet, () => connection.unmuted())
    this.#connection = connection
  }

  /** Of the last request. */
  get clientId(): string | null {
    return this.#clientId
  }

  get requests(): number {
    return this.#requests
  }

  /** One is being answered, or nothing is served for now. */
  get isBusy(): boolean {
    return this.#isBusy
  }

  get isMuted(): boolean {
    return this.#mute.isOn
  }

  /** The client waits for us, or has to. */
  get isAwaited(): boolean {
    return this.#isBusy || this.#isStuck || this.#mute.isOn
  }

  /** The next one has to wait. */
  get isHeldUp(): boolean {
    return this.isAwaited || this.#outlet.isChoked
  }

  hold(): void {
    this.#isBusy = true
  }

  serve(frame: Buffer, arrivedMs: number, gatekeeper?: Gatekeeper): void {
    if (frame.length < KEY_AND_VERSION_BYTES)
      throw new DataError('impossible-length', `a request of ${frame.length} bytes`)
    const version = frame.readInt16BE(2)
    const handler = this.#parts.dispatch.find(frame.readInt16BE(0), version)
    const isInPlace = handler.isInPlace && this.#parts.faults.isEmpty
    const reader = new Reader(isInPlace ? frame : Buffer.from(frame))
    const head = readHead(reader, handler, version)
    gatekeeper?.mustAwait(head)
    this.#parts.traffic.asked(handler.api.name, frame.length, arrivedMs)
    this.#clientId = head.clientId
    this.#requests++
    if (head.isKnownVersion) this.#answer(head, reader, gatekeeper)
    else
      this.#outlet.add(
        (writer) => writeUnknownApiVersion(writer, head),
        () => {},
      )
  }

  close(): void {
    this.#mute.close()
    // Some answers never come, such as to a member of a group that asked again elsewhere.
    this.#holdBytes(0)
  }

  #answer(head: RequestHead, reader: Reader, gatekeeper: Gatekeeper | undefined): void {
    const { handler, version } = head
    const sizeBytes = reader.bytes.length - reader.position
    const body = handler.api.request.read(reader, version)
    const isTimed = gatekeeper === undefined
    const facts = { head, sizeBytes, connection: this.#identity, node: this.#parts.node(), isTimed }
    const request = new Request(facts, this.#parts.answerRooms)
    const { journal, clock } = this.#parts
    if (journal !== undefined) {
      const asked = { ...head, api: handler.api, connection: this.#identity, body, sizeBytes }
      request.entry = new JournalEntry(journal, clock, asked)
    }
    try {
      const reply = gatekeeper === undefined ? this.#reply(body, request) : gatekeeper.answer(body, request)
      if (reply instanceof Promise) {
        request.waits()
        this.#await(request, reply, reader.bytes.length)
      } else this.#finish(request, reply)
    } catch (error) {
      this.#fail(request, error)
    }
  }

  #reply(body: unknown, request: Request): Reply<unknown> | Promise<Reply<unknown>> {
    const { faults } = this.#parts
    const { handler } = request.head
    if (faults.isEmpty) return handler.handle(body, request)
    return faultyReply(faults, body, request, (asked) => handler.handle(asked, request))
  }

  #await(request: Request, reply: Promise<unknown>, heldBytes: number): void {
    this.#isBusy = true
    this.#holdBytes(heldBytes)
    const settle = (end: () => void) => {
      this.#isBusy = false
      this.#holdBytes(0)
      this.#connection.settle(end)
    }
    reply.then(
      (answer) => settle(() => this.#finish(request, answer)),
      (error: unknown) => settle(() => this.#fail(request, error)),
    )
  }

  #holdBytes(sizeBytes: number): void {
    this.#parts.requestRooms.count(sizeBytes - this.#heldBytes)
    this.#heldBytes = sizeBytes
  }

  #fail(request: Request, error: unknown): void {
    this.#parts.failed(request, error)
    const answer = failureAnswer(request.head, error)
    if (answer !== undefined) this.#finish(request, answer)
    else {
      request.done()
      request.entry?.end('closed', undefined, 0)
      this.#connection.refuse(error, { api: request.head.handler.api.name })
    }
  }

  #finish(request: Request, answer: unknown): void {
    const isSilent = answer === noResponse || answer === neverAnswered || answer === closeConnection
    const heldMs = isSilent && answer !== noResponse ? 0 : request.heldMs(!isSilent)
    if (isSilent || this.#connection.isClosing) this.#staySilent(request, answer, heldMs)
    else this.#send(request, heldMs > 0 ? withHold(request.head, answer as object, heldMs) : answer, heldMs)
  }

  #staySilent(request: Request, answer: unknown, heldMs: number): void {
    request.done()
    if (heldMs > 0 && !this.#connection.isClosing) this.#mute.forSo(heldMs)
    request.entry?.silent(answer)
    if (answer === neverAnswered) this.#isStuck = true
    if (answer !== closeConnection) return
    if (request.farewell === undefined) this.#connection.close()
    else request.farewell()
  }

  #send(request: Request, answer: unknown, heldMs: number): void {
    const { outgoing } = request
    if (outgoing !== undefined) this.#outlet.flush()
    const sizeBytes = this.#outlet.add(
      (writer) => request.writing(() => writeResponse(writer, request.head, answer, outgoing?.isCut)),
      () => request.done(),
    )
    this.#parts.traffic.told(sizeBytes)
    request.entry?.end('answered', answer, sizeBytes)
    if (outgoing?.isCut) this.#connection.close()
    else if (request.farewell !== undefined) request.farewell()
    else if (outgoing !== undefined) {
      const muteMs = Math.max(outgoing.muteMs, heldMs)
      this.#mute.follow({ ...outgoing, muteMs }, this.#identity.gone)
    } else if (heldMs > 0) this.#mute.forSo(heldMs)
  }
}
