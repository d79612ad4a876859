import { ConnectionError, FailedError, KtoolError } from '../../errors.ts'
import type { Cancel, Clock } from '../../ports/clock.ts'
import type { LogSink } from '../../ports/log-sink.ts'
import type { Address, Link, Listener, Network, Receiver, TlsServing } from '../../ports/network.ts'
import { ApiError } from '../api-error.ts'
import type { Handler } from '../apis/handler.ts'
import type { FaultRules } from '../faults/fault-rules.ts'
import type { RequestJournal } from '../journal/request-journal.ts'
import type { Node } from '../node.ts'
import { type ListenerSecurity, plainSecurity } from '../security/listener-security.ts'
import { Anteroom } from './anteroom.ts'
import { Caller, type Reception } from './caller.ts'
import type { Client } from './client.ts'
import { Connection } from './connection.ts'
import { ConnectionIdentity } from './connection-identity.ts'
import type { ConnectionLimits } from './connection-limits.ts'
import { Dispatch } from './dispatch.ts'
import { Doorway } from './doorway.ts'
import { RefusalLog } from './refusal-log.ts'
import type { Request } from './request.ts'
import { RoomPool } from './room-pool.ts'
import type { ServerParts } from './server-parts.ts'
import { Traffic } from './traffic.ts'
import { WriterPool } from './writer-pool.ts'

const ARRIVALS_BYTES = 256 * 1024
const KEPT_BYTES = 16 * 1024 * 1024
/** How often is looked for connections that idle, at least. */
const SWEEP_MS = 30_000

export interface ServerLimits {
  readonly largestRequestBytes: number
  /** Of all parts of requests and all that wait, of all connections. */
  readonly requestMemoryBytes: number
  /** Of all large answers that are on their way, of which each is to have a part all the same. */
  readonly answerMemoryBytes: number
  /** Negative: connections may idle for ever. */
  readonly maxIdleMs: number
  readonly connections: ConnectionLimits
}

export interface ServerPorts {
  readonly clock: Clock
  readonly network: Network
  readonly log: LogSink
}

/** Sockets on one side, handlers on the other. It may listen before there is a node: clients then wait. */
export class Server {
  readonly #ports: ServerPorts
  readonly #limits: ServerLimits
  readonly #parts: ServerParts
  readonly #listeners: Listener[] = []
  readonly #names = new Map<Listener, string>()
  readonly #connections = new Map<number, Connection>()
  readonly #doorway: Doorway
  /** Who waits to be let in, or to be closed. */
  readonly #callers = new Set<Caller>()
  #node: Node | undefined
  #isStopping = false
  #nextId = 0
  #sweep: Cancel | undefined
  #allLeft: (() => void) | undefined

  constructor(
    ports: ServerPorts,
    handlers: readonly Handler[],
    limits: ServerLimits,
    faults: FaultRules,
    journal?: RequestJournal,
  ) {
    this.#ports = ports
    this.#limits = limits
    const addressWaitMs = (host: string) => this.#node?.quotas.connected(host) ?? 0
    this.#doorway = new Doorway(ports.clock, limits.connections, addressWaitMs)
    this.#parts = {
      clock: ports.clock,
      dispatch: new Dispatch(handlers),
      faults,
      traffic: new Traffic(),
      journal,
      refusals: new RefusalLog(ports.log, ports.clock),
      anteroom: new Anteroom(ports.clock),
      writers: new WriterPool(),
      arrivals: Buffer.allocUnsafeSlow(ARRIVALS_BYTES),
      requestRooms: new RoomPool({ keepBytes: KEPT_BYTES, limitBytes: limits.requestMemoryBytes }),
      answerRooms: new RoomPool({ keepBytes: KEPT_BYTES, limitBytes: limits.answerMemoryBytes }),
      largestRequestBytes: limits.largestRequestBytes,
      isServing: () => this.#node !== undefined && !this.#isStopping,
      node: () => this.#node as Node,
      failed: (request, error) => this.#failed(request, error),
      left: (id) => this.#left(id),
    }
  }

  /** What clients' requests hold of the memory. */
  get requestBytes(): number {
    return this.#parts.requestRooms.lentBytes
  }

  get traffic(): Traffic {
    return this.#parts.traffic
  }

  /** Who is connected, the oldest first. */
  get clients(): Client[] {
    return [...this.#connections.values()].map(({ client }) => client)
  }

  /** The address that it listens at, with the port that was taken. */
  async listen(name: string, at: Address, security: ListenerSecurity = plainSecurity): Promise<Address> {
    const accept = (link: Link) => this.#accept(link, name, security)
    const listener = await this.#ports.network.listen(at, accept, security.tls)
    this.#listeners.push(listener)
    this.#names.set(listener, name)
    return listener.address
  }

  /** Makes ready what this listener's new connections are secured by, and gives what puts it in place. */
  secureAnew(name: string, tls: TlsServing): () => void {
    const own = this.#listeners.filter((listener) => this.#names.get(listener) === name)
    const prepared = own.flatMap((listener) => listener.secureAnew?.(tls) ?? [])
    return () => {
      for (const put of prepared) put()
    }
  }

  async unlisten(port: number): Promise<void> {
    const leaving = this.#listeners.filter(({ address }) => address.port === port)
    for (const listener of leaving) this.#listeners.splice(this.#listeners.indexOf(listener), 1)
    await Promise.all(leaving.map((listener) => listener.close()))
  }

  /** From now on clients are answered, those too who are waiting already. */
  serve(node: Node): void {
    this.#node = node
    this.#doorway.limits = this.#limits.connections.by(node.configs)
    node.configs.onChange((topic) => {
      if (topic === null) this.#limitsChanged()
    })
    this.#limitsChanged()
    for (const connection of this.#connections.values()) connection.goOn()
    if (this.#limits.maxIdleMs >= 0) this.#sweepLater()
  }

  /** Listens no more, answers what is under way, and cuts what takes longer than that. */
  async stop(patienceMs: number): Promise<void> {
    this.#isStopping = true
    this.#sweep?.()
    const closing = this.#listeners.splice(0).map((listener) => listener.close())
    this.#doorway.close()
    for (const caller of this.#callers) caller.cut()
    for (const connection of this.#connections.values()) connection.finish()
    await this.#untilAllLeft(patienceMs)
    await Promise.all(closing)
  }

  #accept(link: Link, listenerName: string, security: ListenerSecurity): Receiver {
    const caller = new Caller(listenerName, link, this.#receptionOf(listenerName, security))
    if (!this.#doorway.knock(caller)) caller.waits()
    if (caller.receiver === caller) this.#callers.add(caller)
    return caller.receiver
  }

  #receptionOf(listenerName: string, security: ListenerSecurity): Reception {
    return {
      clock: this.#ports.clock,
      welcome: (link) => this.#welcome(link, listenerName, security),
      turnedAway: ({ peer }, most) =>
        this.#parts.refusals.refused(`${peer.host}:${peer.port}`, tooMany(most)),
      left: (caller) => void this.#callers.delete(caller),
    }
  }

  #welcome(link: Link, listenerName: string, security: ListenerSecurity): Connection {
    const identity = new ConnectionIdentity(this.#nextId++, link.peer.host, listenerName, security.protocol)
    const connection = new Connection(this.#parts, link, identity, security)
    this.#connections.set(identity.id, connection)
    if (this.#doorway.isProtected(listenerName)) this.#closeExcess()
    return connection
  }

  #limitsChanged(): void {
    this.#doorway.changed()
    this.#closeExcess()
  }

  /** Who has been silent the longest goes first. */
  #closeExcess(): void {
    const all = [...this.#connections.values()]
    const leaving = all.filter(({ isClosing }) => isClosing).length
    const others = all.filter((each) => !each.isClosing && !this.#doorway.isProtected(each.listenerName))
    const excess = Math.max(0, this.#doorway.excess - leaving)
    for (const each of others.sort((a, b) => a.lastActiveMs - b.lastActiveMs).slice(0, excess)) each.cut()
  }

  #left(id: number): void {
    const connection = this.#connections.get(id)
    this.#connections.delete(id)
    if (connection !== undefined) this.#doorway.left(connection.listenerName, connection.peerHost)
    if (this.#connections.size === 0) this.#allLeft?.()
  }

  #untilAllLeft(patienceMs: number): Promise<void> {
    if (this.#connections.size === 0) return Promise.resolve()
    return new Promise((resolve) => {
      const cancel = this.#ports.clock.after(patienceMs, () => {
        for (const connection of this.#connections.values()) connection.cut()
      })
      this.#allLeft = () => {
        cancel()
        resolve()
      }
    })
  }

  #sweepLater(): void {
    const everyMs = Math.min(SWEEP_MS, Math.max(100, this.#limits.maxIdleMs / 4))
    this.#sweep = this.#ports.clock.after(everyMs, () => {
      const before = this.#ports.clock.monotonicMs() - this.#limits.maxIdleMs
      for (const connection of this.#connections.values())
        if (connection.lastActiveMs < before && !connection.isBusy) connection.finish()
      this.#sweepLater()
    })
  }

  /** An error that no handler foresaw: clients see Kafka's UNKNOWN_SERVER_ERROR, the log says what it was. */
  #failed(request: Request, error: unknown): void {
    if (error instanceof ApiError) return
    const reason = error instanceof Error ? error.message : String(error)
    const where = error instanceof KtoolError ? {} : { at: stackTop(error) }
    this.#ports.log.log('error', `${request.head.handler.api.name} failed`, { reason, ...where })
  }
}

function tooMany(most: number): FailedError {
  const message = `its address already has the configured maximum of ${most} connections`
  return new FailedError('too-many-connections', message)
}

function stackTop(error: unknown): string | undefined {
  return error instanceof Error ? error.stack?.split('\n')[1]?.trim() : undefined
}

/** This machine has no such address, as without IPv6. */
export function isMissingAddress(error: unknown): boolean {
  return error instanceof ConnectionError && error.code === 'address-not-available'
}
