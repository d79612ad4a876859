import { Reader } from '../../bytes/reader.ts'
import { DataError, KtoolError } from '../../errors.ts'
import type { Cancel } from '../../ports/clock.ts'
import type { Link, Receiver } from '../../ports/network.ts'
import { closeConnection, neverAnswered, noResponse } from '../apis/handler.ts'
import { faultyReply } from '../faults/faulty-reply.ts'
import { JournalEntry } from '../journal/journal-entry.ts'
import type { ListenerSecurity } from '../security/listener-security.ts'
import { Admission, type Entrance } from './admission.ts'
import type { Client } from './client.ts'
import type { ConnectionIdentity } from './connection-identity.ts'
import { checkBeginning, nextRequestBytes } from './frame-check.ts'
import { Inlet } from './inlet.ts'
import { MemoryWait } from './memory-wait.ts'
import { Mute } from './mute.ts'
import { Outlet } from './outlet.ts'
import { Request } from './request.ts'
import { type RequestHead, readHead } from './request-head.ts'
import { asKtoolError, failureAnswer, withHold, writeResponse, writeUnknownApiVersion } from './respond.ts'
import type { ResponseWriter } from './response-writer.ts'
import type { ServerParts } from './server-parts.ts'

const LENGTH_BYTES = 4
/** A client that sends on while it waits is not read further than this. */
const READ_AHEAD_BYTES = 64 * 1024
/** How long the last answers may take to leave before the link is cut. */
const FAREWELL_MS = 500

/** One client: its requests are answered one after the other, as Kafka does it. */
export class Connection implements Receiver, Entrance {
  readonly #parts: ServerParts
  readonly #link: Link
  readonly #identity: ConnectionIdentity
  readonly #inlet: Inlet
  readonly #outlet: Outlet
  /** Nothing where everybody may ask. */
  readonly #admission: Admission | undefined
  #isBusy = false
  #isClosing = false
  /** A request was lost, and with it all behind it. */
  #isStuck = false
  #isPaused = false
  /** Of memory, by the request that is being answered. */
  #heldBytes = 0
  readonly #waitForMemory: MemoryWait
  readonly #mute: Mute
  #farewell: Cancel | undefined
  readonly #sinceMs: number
  #clientId: string | null = null
  #requests = 0
  lastActiveMs: number

  constructor(parts: ServerParts, link: Link, identity: ConnectionIdentity, security: ListenerSecurity) {
    this.#parts = parts
    this.#link = link
    this.#identity = identity
    this.#inlet = new Inlet(parts.arrivals, parts.requestRooms)
    this.#outlet = new Outlet(link, parts.writers, () => this.#answersLeft())
    this.#waitForMemory = new MemoryWait(parts.requestRooms, parts.clock, {
      goOn: () => this.#readOrPause(),
      giveUp: () => this.refuse(new DataError('no-memory', 'no memory was left for its request')),
    })
    this.#mute = new Mute(parts.clock, link, this.#outlet, () => {
      this.lastActiveMs = parts.clock.monotonicMs()
      this.goOn()
    })
    this.#sinceMs = parts.clock.monotonicMs()
    this.lastActiveMs = this.#sinceMs
    const isOpen = security.protocol === 'PLAINTEXT'
    this.#admission = isOpen ? undefined : new Admission(parts, identity, security, this)
  }

  get client(): Client {
    const { id, listenerName, principal, softwareName, softwareVersion } = this.#identity
    const { clock } = this.#parts
    return {
      ...{ id, listener: listenerName, principal, softwareName, softwareVersion },
      peer: this.#link.peer,
      clientId: this.#clientId,
      requests: this.#requests,
      connectedMs: clock.monotonicMs() - this.#sinceMs,
      idleMs: clock.monotonicMs() - this.lastActiveMs,
    }
  }

  get isBusy(): boolean {
    return this.#isBusy || this.#mute.isOn || !this.#outlet.isEmpty
  }

  room(): Uint8Array {
    return this.#inlet.room()
  }

  received(sizeBytes: number): void {
    if (this.#isClosing) return
    this.lastActiveMs = this.#parts.clock.monotonicMs()
    this.#inlet.received(sizeBytes)
    this.#serveAll()
    this.#inlet.settle(this.#wantedBytes())
    const isInPart = this.#inlet.sizeBytes > 0 && !this.#isClosing
    if (this.#parts.requestRooms.isScarce && isInPart) this.#waitForMemory.begin()
    this.#readOrPause()
  }

  secured(): void {
    this.#admission?.secured(this.#link.peerCertificate?.() ?? null)
  }

  drained(): void {
    this.#outlet.drained()
    this.goOn()
  }

  closed(cause?: Error): void {
    // What TLS has against a client, it says with the end of the link.
    if (cause instanceof KtoolError && !this.#isClosing) this.#tellRefused(cause)
    this.#isClosing = true
    this.#admission?.close()
    this.#waitForMemory.end()
    this.#mute.close()
    this.#farewell?.()
    this.#inlet.close()
    // Some answers never come, such as to a member of a group that asked again elsewhere.
    this.#holdBytes(0)
    this.#identity.leave()
    this.#parts.left(this.#identity.id)
  }

  /** Answers what is here. */
  goOn(): void {
    this.#serveAll()
    this.#readOrPause()
  }

  /** Takes no more requests; ends once what is under way is answered. */
  finish(): void {
    this.#identity.leave()
    if (!this.#isBusy) this.#close()
  }

  refuse(error: unknown, facts?: Record<string, unknown>): void {
    if (this.#isClosing) return
    this.#tellRefused(asKtoolError(error), facts)
    this.#close()
  }

  answer(write: (writer: ResponseWriter) => void): void {
    this.#outlet.add(write, () => {})
  }

  hold(): void {
    this.#isBusy = true
  }

  cut(): void {
    this.#isClosing = true
    this.#link.destroy()
  }

  #tellRefused(reason: KtoolError, facts: Record<string, unknown> = {}): void {
    const { host, port } = this.#link.peer
    this.#parts.refusals.refused(`${host}:${port}`, reason, facts)
  }

  #serveAll(): void {
    try {
      while (this.#mayServe() && this.#serveNext());
    } catch (error) {
      this.refuse(error)
    }
    this.#outlet.flush()
  }

  #mayServe(): boolean {
    return !this.#isHeldUp && !this.#isClosing
  }

  get #isHeldUp(): boolean {
    const isWaiting = this.#isBusy || this.#isStuck || this.#mute.isOn || this.#outlet.isChoked
    return isWaiting || !this.#parts.isServing()
  }

  /** False where the next request is not wholly here. */
  #serveNext(): boolean {
    const largestBytes = this.#admission?.largestBytes ?? this.#parts.largestRequestBytes
    const sizeBytes = nextRequestBytes(this.#inlet, largestBytes)
    if (sizeBytes === undefined) return false
    if (this.#inlet.sizeBytes < LENGTH_BYTES + sizeBytes) {
      const isRequest = this.#admission?.isOpen ?? true
      if (isRequest) checkBeginning(this.#inlet, sizeBytes, this.#parts.dispatch)
      return false
    }
    this.#inlet.take(LENGTH_BYTES)
    this.#serve(this.#inlet.take(sizeBytes))
    return true
  }

  #serve(frame: Buffer): void {
    if (this.#admission?.takes(frame) === true) return
    if (frame.length < LENGTH_BYTES)
      throw new DataError('impossible-length', `a request of ${frame.length} bytes`)
    const version = frame.readInt16BE(2)
    const handler = this.#parts.dispatch.find(frame.readInt16BE(0), version)
    const isInPlace = handler.isInPlace && this.#parts.faults.isEmpty
    const reader = new Reader(isInPlace ? frame : Buffer.from(frame))
    const head = readHead(reader, handler, version)
    this.#parts.traffic.asked(handler.api.name, frame.length, this.lastActiveMs)
    this.#clientId = head.clientId
    this.#requests++
    if (head.isKnownVersion) this.#answer(head, reader)
    else
      this.#outlet.add(
        (writer) => writeUnknownApiVersion(writer, head),
        () => {},
      )
  }

  #answer(head: RequestHead, reader: Reader): void {
    const { handler, version } = head
    const sizeBytes = reader.bytes.length - reader.position
    const body = handler.api.request.read(reader, version)
    const facts = { head, sizeBytes, connection: this.#identity, node: this.#parts.node() }
    const request = new Request(facts, this.#parts.answerRooms)
    const { faults, journal, clock } = this.#parts
    if (journal !== undefined) {
      const asked = { ...head, api: handler.api, connection: this.#identity, body, sizeBytes }
      request.entry = new JournalEntry(journal, clock, asked)
    }
    try {
      const reply = faults.isEmpty ? handler.handle(body, request) : faultyReply(faults, body, request)
      if (reply instanceof Promise) {
        request.waits()
        this.#await(request, reply, reader.bytes.length)
      } else this.#finish(request, reply)
    } catch (error) {
      this.#fail(request, error)
    }
  }

  #await(request: Request, reply: Promise<unknown>, heldBytes: number): void {
    this.#isBusy = true
    this.#holdBytes(heldBytes)
    const settle = (end: () => void) => {
      this.#isBusy = false
      this.#holdBytes(0)
      this.lastActiveMs = this.#parts.clock.monotonicMs()
      try {
        end()
      } catch (error) {
        this.refuse(error)
      }
      this.goOn()
      if (!this.#parts.isServing() && !this.#isBusy) this.#close()
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
      this.refuse(error, { api: request.head.handler.api.name })
    }
  }

  #finish(request: Request, answer: unknown): void {
    const isSilent = answer === noResponse || answer === neverAnswered || answer === closeConnection
    const heldMs = isSilent && answer !== noResponse ? 0 : request.heldMs(!isSilent)
    if (isSilent || this.#isClosing) {
      request.done()
      if (heldMs > 0 && !this.#isClosing) this.#mute.forSo(heldMs)
      request.entry?.silent(answer)
      if (answer === neverAnswered) this.#isStuck = true
      if (answer === closeConnection) this.#close()
      return
    }
    const told = heldMs > 0 ? withHold(request.head, answer as object, heldMs) : answer
    const { outgoing } = request
    if (outgoing !== undefined) this.#outlet.flush()
    const sizeBytes = this.#outlet.add(
      (writer) => request.writing(() => writeResponse(writer, request.head, told, outgoing?.isCut)),
      () => request.done(),
    )
    this.#parts.traffic.told(sizeBytes)
    request.entry?.end('answered', told, sizeBytes)
    if (outgoing?.isCut) this.#close()
    else if (outgoing !== undefined) {
      const muteMs = Math.max(outgoing.muteMs, heldMs)
      this.#mute.follow({ ...outgoing, muteMs }, this.#identity.gone)
    } else if (heldMs > 0) this.#mute.forSo(heldMs)
  }

  #answersLeft(): void {
    this.lastActiveMs = this.#parts.clock.monotonicMs()
    if (this.#isClosing) this.#link.destroy()
  }

  #close(): void {
    if (this.#isClosing) return
    this.#isClosing = true
    this.#outlet.flush()
    if (this.#outlet.isEmpty) this.#link.destroy()
    else {
      this.#link.end()
      this.#farewell = this.#parts.clock.after(FAREWELL_MS, () => this.#link.destroy())
    }
  }

  /** Of the request whose first bytes are here. */
  #wantedBytes(): number {
    if (this.#isClosing || this.#inlet.sizeBytes < LENGTH_BYTES) return LENGTH_BYTES
    return LENGTH_BYTES + Math.max(0, Math.min(this.#inlet.int32At(0), this.#parts.largestRequestBytes))
  }

  #readOrPause(): void {
    const isBehind = this.#isHeldUp && this.#inlet.sizeBytes > READ_AHEAD_BYTES
    const shouldPause = !this.#isClosing && (isBehind || this.#waitForMemory.isOn)
    if (shouldPause === this.#isPaused) return
    this.#isPaused = shouldPause
    if (shouldPause) this.#link.pause()
    else this.#link.resume()
  }
}
