import { KtoolError } from '../../errors.ts'
import type { Cancel } from '../../ports/clock.ts'
import type { Link, Receiver } from '../../ports/network.ts'
import type { ListenerSecurity } from '../security/listener-security.ts'
import { Admission, type Entrance } from './admission.ts'
import type { Client } from './client.ts'
import type { ConnectionIdentity } from './connection-identity.ts'
import { Outlet } from './outlet.ts'
import { type Asked, RequestChannel } from './request-channel.ts'
import { type Incoming, RequestFrames } from './request-frames.ts'
import { asKtoolError } from './respond.ts'
import type { ResponseWriter } from './response-writer.ts'
import type { ServerParts } from './server-parts.ts'

/** How long the last answers may take to leave before the link is cut. */
const FAREWELL_MS = 500

/** One client: from its first byte to the last answer that leaves. */
export class Connection implements Receiver, Entrance, Incoming, Asked {
  readonly #parts: ServerParts
  readonly #link: Link
  readonly #identity: ConnectionIdentity
  readonly #frames: RequestFrames
  readonly #outlet: Outlet
  readonly #channel: RequestChannel
  /** Nothing where everybody may ask. */
  readonly #admission: Admission | undefined
  #isClosing = false
  #farewell: Cancel | undefined
  readonly #sinceMs: number
  lastActiveMs: number

  constructor(parts: ServerParts, link: Link, identity: ConnectionIdentity, security: ListenerSecurity) {
    this.#parts = parts
    this.#link = link
    this.#identity = identity
    this.#frames = new RequestFrames(parts, link, this)
    this.#outlet = new Outlet(link, parts.writers, () => this.#answersLeft())
    this.#channel = new RequestChannel(parts, identity, { link, outlet: this.#outlet }, this)
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
      clientId: this.#channel.clientId,
      requests: this.#channel.requests,
      connectedMs: clock.monotonicMs() - this.#sinceMs,
      idleMs: clock.monotonicMs() - this.lastActiveMs,
    }
  }

  get listenerName(): string {
    return this.#identity.listenerName
  }

  get peerHost(): string {
    return this.#identity.peerHost
  }

  get isBusy(): boolean {
    return this.#channel.isBusy || this.#channel.isMuted || !this.#outlet.isEmpty
  }

  get isClosing(): boolean {
    return this.#isClosing
  }

  get isHeldUp(): boolean {
    return this.#channel.isHeldUp || !this.#parts.isServing()
  }

  room(): Uint8Array {
    return this.#frames.room()
  }

  received(sizeBytes: number): void {
    if (this.#isClosing) return
    this.#isHeardOf()
    this.#frames.received(sizeBytes)
    this.#serveAll()
    this.#frames.settle()
    this.#frames.readOrPause()
  }

  get isAwaited(): boolean {
    return this.#channel.isAwaited || !this.#parts.isServing()
  }

  secured(): void {
    this.#admission?.secured(this.#link.peerCertificate?.() ?? null)
  }

  drained(): void {
    this.#outlet.drained()
    this.goOn()
  }

  unmuted(): void {
    this.#isHeardOf()
    this.goOn()
  }

  closed(cause?: Error): void {
    // What TLS has against a client, it says with the end of the link.
    if (cause instanceof KtoolError && !this.#isClosing)
      this.#tellRefused(cause, { listener: this.#identity.listenerName })
    this.#isClosing = true
    this.#admission?.close()
    this.#farewell?.()
    this.#frames.close()
    this.#channel.close()
    this.#identity.leave()
    this.#parts.left(this.#identity.id)
  }

  /** Answers what is here. */
  goOn(): void {
    this.#serveAll()
    this.#frames.readOrPause()
  }

  settle(end: () => void): void {
    this.#isHeardOf()
    try {
      end()
    } catch (error) {
      this.refuse(error)
    }
    this.goOn()
    if (!this.#parts.isServing() && !this.#channel.isBusy) this.close()
  }

  /** Takes no more requests; ends once what is under way is answered. */
  finish(): void {
    this.#identity.leave()
    if (!this.#channel.isBusy) this.close()
  }

  refuse(error: unknown, facts?: Record<string, unknown>): void {
    if (this.#isClosing) return
    this.#tellRefused(asKtoolError(error), facts)
    this.close()
  }

  answer(bytes: Buffer): void {
    const write = (writer: ResponseWriter) => {
      writer.int32(bytes.length)
      writer.raw(bytes)
    }
    this.#outlet.add(write, () => {})
  }

  hold(): void {
    this.#channel.hold()
  }

  cut(): void {
    this.#isClosing = true
    this.#link.destroy()
  }

  /** Once the answers that were made have left. */
  close(): void {
    if (this.#isClosing) return
    this.#isClosing = true
    this.#outlet.flush()
    if (this.#outlet.isEmpty) this.#link.destroy()
    else {
      this.#link.end()
      this.#farewell = this.#parts.clock.after(FAREWELL_MS, () => this.#link.destroy())
    }
  }

  #tellRefused(reason: KtoolError, facts: Record<string, unknown> = {}): void {
    const { host, port } = this.#link.peer
    this.#parts.refusals.refused(`${host}:${port}`, reason, facts)
  }

  #serveAll(): void {
    try {
      while (!this.isHeldUp && !this.#isClosing && this.#serveNext());
    } catch (error) {
      if (this.#admission?.isOpen === false) this.#admission.refuse(asKtoolError(error))
      else this.refuse(error)
    }
    this.#outlet.flush()
  }

  /** False where the next request is not wholly here. */
  #serveNext(): boolean {
    const admission = this.#admission
    const frame =
      admission === undefined || admission.isOpen
        ? this.#frames.next(this.#parts.largestRequestBytes, true)
        : this.#firstFrame(admission)
    if (frame === undefined) return false
    if (admission?.takes(frame) !== true) this.#channel.serve(frame, this.lastActiveMs, admission?.gatekeeper)
    return true
  }

  /** Of a client that has not said who it is. Whoever begins one that is too long waits for that like one who guesses. */
  #firstFrame(admission: Admission): Buffer | undefined {
    try {
      return this.#frames.next(admission.largestBytes, false)
    } catch (error) {
      admission.refuseLater(asKtoolError(error))
      return undefined
    }
  }

  #answersLeft(): void {
    this.#isHeardOf()
    if (this.#isClosing) this.#link.destroy()
  }

  #isHeardOf(): void {
    this.lastActiveMs = this.#parts.clock.monotonicMs()
  }
}
