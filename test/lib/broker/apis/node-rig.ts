import {
  type ConnectionFacts,
  closeConnection,
  neverAnswered,
  noResponse,
  type RequestContext,
} from '../../../../src/lib/broker/apis/handler.ts'
import { handlers } from '../../../../src/lib/broker/apis/handlers.ts'
import type { Node } from '../../../../src/lib/broker/node.ts'
import { type OpenedNode, openNode } from '../../../../src/lib/broker/open-node.ts'
import type { Partition } from '../../../../src/lib/broker/partitions/partition.ts'
import { Reader } from '../../../../src/lib/bytes/reader.ts'
import type { Disk } from '../../../../src/lib/ports/disk.ts'
import type { Network } from '../../../../src/lib/ports/network.ts'
import type { Api } from '../../../../src/lib/protocol/api.ts'
import type { Decoded, Encodable, Fields } from '../../../../src/lib/schema/field.ts'
import { SimClock } from '../../../simulation/sim-clock.ts'
import { SimDisk } from '../../../simulation/sim-disk.ts'
import { SimRandom } from '../../../simulation/sim-random.ts'

export interface NodeWish {
  readonly topics?: readonly { readonly name: string; readonly partitions: number }[]
  readonly settings?: Readonly<Record<string, string>>
  readonly flush?: 'interval' | 'ack'
  /** Who asks, and how he has come. */
  readonly connection?: Partial<ConnectionFacts>
  /** One, unless it is said. */
  readonly logDirs?: readonly string[]
  /** Of what a power cut leaves. */
  readonly seed?: number
}

const FAIR_BYTES = 256 * 1024 * 1024

const noNetwork: Network = {
  connect: () => Promise.reject(new Error('no network')),
  listen: () => Promise.reject(new Error('no network')),
}

/** A whole node without sockets, on a simulated disk, with time that passes when it is told to. */
export class NodeRig {
  readonly clock = new SimClock()
  readonly gone = new AbortController()
  readonly lines: string[] = []
  readonly #wish: NodeWish
  readonly #disk: SimDisk
  #life = 0
  #opened: OpenedNode | undefined

  private constructor(wish: NodeWish) {
    this.#wish = wish
    this.#disk = new SimDisk(this.clock, new SimRandom(wish.seed ?? 1))
  }

  static async open(wish: NodeWish = {}): Promise<NodeRig> {
    const rig = new NodeRig(wish)
    await rig.#open()
    return rig
  }

  /** The machine goes, with all that is not on the disk; then there is another node on what is left. */
  async losePower(): Promise<void> {
    this.#life++
    this.#disk.losePower()
    await this.#open()
  }

  async #open(): Promise<void> {
    const { topics, settings = {}, flush = 'interval' } = this.#wish
    const life = this.#life
    const disk = this.#disk.mount(() => this.#life !== life)
    const log = { log: (level: string, message: string) => void this.lines.push(`${level} ${message}`) }
    const ports = { clock: this.clock, random: new SimRandom(2), disk, network: noNetwork, log }
    for (const path of this.#wish.logDirs ?? ['/data']) disk.makeFolder(path)
    this.#opened = await this.clock.until(
      openNode({
        ports,
        dirs: { logDirs: this.#wish.logDirs ?? ['/data'], metadataDir: this.#wish.logDirs?.[0] ?? '/data' },
        settings: new Map(Object.entries(settings)),
        flush,
        topics: topics ?? [{ name: 'orders', partitions: 1 }],
        endpoints: new Map([['PLAINTEXT', { host: '127.0.0.1', port: 9092 }]]),
      }),
    )
  }

  /** Stopped well, and started anew. */
  async restart(): Promise<void> {
    await this.clock.until(this.#opened?.close() ?? Promise.resolve())
    await this.crash()
  }

  /** As after kill -9. */
  async crash(): Promise<void> {
    this.#life++
    await this.#open()
  }

  /** As whoever comes later finds it. */
  get disk(): Disk {
    return this.#disk.mount(() => false)
  }

  get node(): Node {
    if (this.#opened === undefined) throw new Error('the node is not open')
    return this.#opened.node
  }

  partition(topic = 'orders', partition = 0): Partition {
    const found = this.node.partitions.get(topic, partition)
    if (found === undefined) throw new Error(`there is no ${topic}-${partition}`)
    return found
  }

  /** The answer as a client reads it, or what happened instead. */
  async outcome<Q extends Fields, S extends Fields>(
    api: Api<Q, S>,
    version: number,
    request: Encodable<Decoded<Q>>,
  ): Promise<Decoded<S> | symbol> {
    const handler = handlers.find((each) => each.api.key === api.key)
    if (handler === undefined) throw new Error(`${api.name} is not served`)
    const received = api.request.read(new Reader(Buffer.from(api.request.encode(request, version))), version)
    const reply = await handler.handle(received, this.#context(version))
    if (reply === noResponse || reply === neverAnswered || reply === closeConnection) return reply
    return api.response.decode(Buffer.from(api.response.encode(reply as never, version)), version)
  }

  /** Of an API that is known by its name alone. */
  outcomeOf(name: string, version: number, request: object): Promise<unknown> {
    const handler = handlers.find((each) => each.api.name === name)
    if (handler === undefined) throw new Error(`${name} is not served`)
    return this.outcome(handler.api, version, request as Encodable<Decoded<Fields>>)
  }

  async ask<Q extends Fields, S extends Fields>(
    api: Api<Q, S>,
    version: number,
    request: Encodable<Decoded<Q>>,
  ): Promise<Decoded<S>> {
    const outcome = await this.outcome(api, version, request)
    if (typeof outcome === 'symbol') throw new Error(String(outcome))
    return outcome
  }

  #context(version: number): RequestContext {
    const connection: ConnectionFacts = {
      id: 1,
      peerHost: '127.0.0.1',
      listenerName: 'PLAINTEXT',
      securityProtocol: 'PLAINTEXT',
      principal: 'User:ANONYMOUS',
      softwareName: '',
      softwareVersion: '',
      gone: this.gone.signal,
      ...this.#wish.connection,
    }
    const borrow = (sizeBytes: number) => Buffer.alloc(sizeBytes)
    return {
      version,
      apiName: 'rig',
      clientId: 'rig',
      connection,
      node: this.node,
      fairBytes: FAIR_BYTES,
      borrow,
      asker: { user: 'ANONYMOUS', clientId: 'rig' },
      sizeBytes: 0,
      holdBack: () => {},
      overtimeMs: () => 0,
    }
  }
}
