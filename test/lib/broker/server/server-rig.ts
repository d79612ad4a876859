import type { Handler } from '../../../../src/lib/broker/apis/handler.ts'
import { handler } from '../../../../src/lib/broker/apis/handler.ts'
import { BrokerConfigs } from '../../../../src/lib/broker/configs/broker-configs.ts'
import { FaultRules } from '../../../../src/lib/broker/faults/fault-rules.ts'
import type { Node } from '../../../../src/lib/broker/node.ts'
import { ConnectionLimits } from '../../../../src/lib/broker/server/connection-limits.ts'
import { Server, type ServerLimits } from '../../../../src/lib/broker/server/server.ts'
import type { Clock } from '../../../../src/lib/ports/clock.ts'
import type { Link, Listener, Network, Receiver } from '../../../../src/lib/ports/network.ts'
import { systemRandom } from '../../../../src/lib/ports/random.ts'
import { saslAuthenticate } from '../../../../src/lib/protocol/apis/sasl-authenticate.ts'
import { requestHeader } from '../../../../src/lib/protocol/headers.ts'

/** The largest version whose answers still have a plain layout. */
const VERSION = 1

/** Nobody has set a quota. */
export const idleNode = {
  quotas: { isTimeSet: false, connected: () => 0 },
  configs: new BrokerConfigs(1, new Map()),
} as unknown as Node

/** As many connections as there may be by default. */
export const anyConnections = new ConnectionLimits(idleNode.configs, ['PLAINTEXT'])

/** Time stands still until it is told to pass. */
export class ManualClock implements Clock {
  #nowMs = 0
  #due: { atMs: number; run: () => void }[] = []

  get pending(): number {
    return this.#due.length
  }

  nowMs(): number {
    return this.#nowMs
  }

  monotonicMs(): number {
    return this.#nowMs
  }

  after(delayMs: number, run: () => void): () => void {
    const one = { atMs: this.#nowMs + delayMs, run }
    this.#due.push(one)
    return () => {
      this.#due = this.#due.filter((other) => other !== one)
    }
  }

  pass(durationMs: number): void {
    const untilMs = this.#nowMs + durationMs
    for (;;) {
      const next = this.#due.filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0]
      if (next === undefined) break
      this.#due = this.#due.filter((other) => other !== next)
      this.#nowMs = Math.max(this.#nowMs, next.atMs)
      next.run()
    }
    this.#nowMs = untilMs
  }
}

/**
 * The client's end of a link. Like a socket it has asked for the room of its next bytes long before they come, and
 * what the server writes leaves when the test lets it.
 */
export class FakeLink implements Link {
  readonly peer
  isPaused = false
  isDestroyed = false
  isEnded = false
  /** False: the client reads nothing. */
  isRead = true
  answerCount = 0
  readonly #answers: Buffer[] = []
  #begun: Buffer = Buffer.alloc(0)
  readonly #unread: { bytes: Uint8Array; left: (() => void) | undefined }[] = []
  readonly #unsent: Buffer[] = []
  #receiver: Receiver | undefined
  #room: Uint8Array = new Uint8Array(1)

  constructor(port: number) {
    this.peer = { host: '127.0.0.1', port }
  }

  attach(receiver: Receiver): void {
    this.#receiver = receiver
    this.#room = receiver.room()
  }

  /** What the client sends, in pieces of this size or as large as the server has room. */
  send(bytes: Buffer, pieceBytes = bytes.length): void {
    for (let at = 0; at < bytes.length; at += pieceBytes)
      this.#unsent.push(bytes.subarray(at, at + pieceBytes))
    this.deliver()
  }

  deliver(pieces = Number.POSITIVE_INFINITY): void {
    for (let left = pieces; left > 0 && !this.isPaused && !this.isDestroyed; left--) {
      const next = this.#unsent.shift()
      if (next === undefined) return
      const part = next.subarray(0, this.#room.length)
      if (part.length < next.length) this.#unsent.unshift(next.subarray(part.length))
      this.#room.set(part)
      this.#receiver?.received(part.length)
      this.#room = this.#receiver?.room() ?? this.#room
    }
  }

  get undelivered(): number {
    return this.#unsent.length
  }

  write(bytes: Uint8Array, left?: () => void): boolean {
    this.#unread.push({ bytes, left })
    if (this.isRead) this.read()
    return this.isRead
  }

  /** What was written leaves; only now are its bytes looked at. */
  read(): void {
    for (const { bytes, left } of this.#unread.splice(0)) {
      this.#answers.push(Buffer.from(bytes))
      this.#count(Buffer.from(bytes))
      left?.()
    }
  }

  catchUp(): void {
    this.isRead = true
    this.read()
    this.#receiver?.drained()
  }

  #count(bytes: Buffer): void {
    this.#begun = Buffer.concat([this.#begun, bytes])
    for (;;) {
      const endBytes = this.#begun.length < 4 ? 4 : 4 + this.#begun.readInt32BE(0)
      if (this.#begun.length < endBytes) return
      this.#begun = this.#begun.subarray(endBytes)
      this.answerCount++
    }
  }

  answers(): { correlationId: number; authBytes: Buffer }[] {
    const all = Buffer.concat(this.#answers)
    const answers = []
    for (let at = 0; at < all.length; at += 4 + all.readInt32BE(at)) {
      const frame = all.subarray(at + 4, at + 4 + all.readInt32BE(at))
      const { authBytes } = saslAuthenticate.response.decode(frame.subarray(4), VERSION)
      answers.push({ correlationId: frame.readInt32BE(0), authBytes })
    }
    return answers
  }

  get bytesWritten(): Buffer {
    return Buffer.concat(this.#answers)
  }

  cork(): void {}
  uncork(): void {}

  pause(): void {
    this.isPaused = true
  }

  resume(): void {
    this.isPaused = false
  }

  end(): void {
    this.isEnded = true
  }

  destroy(): void {
    if (this.isDestroyed) return
    this.isDestroyed = true
    this.#receiver?.closed()
    for (const { left } of this.#unread.splice(0)) left?.()
  }
}

/** A request whose answer is its own bytes. */
export function echoRequest(correlationId: number, authBytes: Buffer): Buffer {
  const head = { requestApiKey: 36, requestApiVersion: VERSION, correlationId, clientId: 'test' }
  const body = Buffer.concat([
    requestHeader.encode(head, 1),
    saslAuthenticate.request.encode({ authBytes }, VERSION),
  ])
  const length = Buffer.alloc(4)
  length.writeInt32BE(body.length)
  return Buffer.concat([length, body])
}

export function echo(
  answer: (bytes: Buffer) => Buffer | Promise<Buffer> = (bytes) => bytes,
  options: { readonly isInPlace?: boolean } = {},
): Handler {
  return handler(
    saslAuthenticate,
    ({ authBytes }) => {
      const answered = answer(authBytes)
      return answered instanceof Promise
        ? answered.then((bytes) => ({ authBytes: bytes }))
        : { authBytes: answered }
    },
    options,
  )
}

export interface ServerRig {
  readonly server: Server
  readonly clock: ManualClock
  readonly lines: string[]
  connect(): FakeLink
}

export async function serverRig(
  handlers: readonly Handler[],
  { isOpen = true, ...limits }: Partial<ServerLimits> & { readonly isOpen?: boolean } = {},
): Promise<ServerRig> {
  const clock = new ManualClock()
  const lines: string[] = []
  let accept: ((link: Link) => Receiver) | undefined
  const listener: Listener = { address: { host: '127.0.0.1', port: 9092 }, close: async () => {} }
  const network: Network = {
    connect: () => Promise.reject(new Error('nobody connects from here')),
    listen: async (_at, take) => {
      accept = take
      return listener
    },
  }
  const log = {
    log: (level: string, message: string, facts: Record<string, unknown> = {}) => {
      lines.push(`${level} ${message} ${JSON.stringify(facts)}`)
    },
  }
  const all = {
    largestRequestBytes: 100 << 20,
    requestMemoryBytes: 256 << 20,
    answerMemoryBytes: 256 << 20,
    maxIdleMs: 600_000,
    connections: anyConnections,
    ...limits,
  }
  const faults = new FaultRules({ clock, random: systemRandom }, [])
  const server = new Server({ clock, network, log }, handlers, all, faults)
  await server.listen('PLAINTEXT', listener.address)
  if (isOpen) server.serve(idleNode)
  let port = 50_000
  const connect = () => {
    const link = new FakeLink(port++)
    const receiver = accept?.(link)
    if (receiver !== undefined) link.attach(receiver)
    return link
  }
  return { server, clock, lines, connect }
}
