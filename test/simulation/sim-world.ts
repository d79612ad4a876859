import { createHash } from 'node:crypto'
import { type Broker, openBroker } from '../../src/lib/broker/broker.ts'
import type { BrokerPorts } from '../../src/lib/broker/broker-ports.ts'
import type { ErrorName } from '../../src/lib/protocol/error-codes.ts'
import type { DiskChange } from './mounted-disk.ts'
import { SimClient } from './sim-client.ts'
import { SimClock } from './sim-clock.ts'
import { type NameOrder, SimDisk } from './sim-disk.ts'
import { SimNetwork } from './sim-network.ts'
import { SimRandom } from './sim-random.ts'

export interface WorldOptions {
  readonly seed: number
  readonly flush: 'interval' | 'ack'
  /** One, unless it is said. */
  readonly dataDirs?: readonly string[]
  readonly settings: ReadonlyMap<string, string>
  readonly topics: readonly { readonly name: string; readonly partitions: number }[]
  readonly nameOrder?: NameOrder
}

export type Death = 'kill' | 'power' | 'stop'

/** What the system says of a change that it refuses, such as ENOSPC; nothing where it takes the change. */
export type Refusal = (change: DiskChange, path: string) => string | undefined

const ofDisks: ReadonlySet<ErrorName> = new Set([
  'KAFKA_STORAGE_ERROR',
  'NOT_COORDINATOR',
  'COORDINATOR_NOT_AVAILABLE',
  // What Produce says of a coordinator that cannot write.
  'NOT_ENOUGH_REPLICAS',
])

/** Changes of which there are few, and much depends on their order. */
const ofNames: ReadonlySet<DiskChange> = new Set([
  'create',
  'make the folder',
  'rename',
  'remove',
  'truncate',
])

const DATA_DIR = '/data'
const PORT = 9092

/** Longer than the clients of a program that died take to find that out. */
const RESTART_MS = 200

/** One broker with the clock, the disk, the network and the chance of a simulation. */
export class SimWorld {
  readonly clock = new SimClock()
  readonly random: SimRandom
  readonly disk: SimDisk
  readonly #network: SimNetwork
  readonly #options: WorldOptions
  readonly #hash = createHash('sha256')
  readonly log: string[] = []
  #refusal: Refusal | undefined
  #hasRefused = false
  #life = 0
  #broker: Broker | undefined
  #doom: { changes: number; readonly isOfNames: boolean; readonly death: 'kill' | 'power' } | undefined
  #died: () => void = () => {}

  constructor(options: WorldOptions) {
    const { seed, nameOrder } = options
    this.#options = options
    this.random = new SimRandom(seed)
    this.disk = new SimDisk(this.clock, new SimRandom(seed + 1), nameOrder)
    this.#network = new SimNetwork(this.clock, new SimRandom(seed + 2))
  }

  get dataDirs(): readonly string[] {
    return this.#options.dataDirs ?? [DATA_DIR]
  }

  get broker(): Broker | undefined {
    return this.#broker
  }

  /** What happened so far, as one number. */
  digest(): string {
    return this.#hash.copy().digest('hex')
  }

  note(what: string): void {
    this.#hash.update(`${this.clock.monotonicMs()} ${what}\n`)
  }

  /** Resolves with whether it came up: on the way it may die of what was foretold. */
  async start(): Promise<boolean> {
    const life = ++this.#life
    const { settings, flush, topics } = this.#options
    this.#hasRefused = this.#refusal !== undefined
    this.note('start')
    const opening = openBroker({
      ports: this.#portsOf(life),
      dataDirs: this.dataDirs,
      settings,
      flush,
      topics,
      listeners: [{ name: 'PLAINTEXT', hosts: ['127.0.0.1'], port: PORT }],
    })
    const died = this.#death()
    const broker = await this.clock.until(Promise.race([opening, died])).catch((cause) => {
      if (this.#refusal === undefined) throw cause
      this.kill()
    })
    if (broker === undefined) opening.catch(() => {})
    this.#doom = undefined
    this.#broker = broker ?? undefined
    void broker?.failed.then(() => this.#life === life && this.kill())
    return this.#broker !== undefined
  }

  /** It dies within so many changes of the disk, or of the names on it, before one of them is made. */
  foretell(death: 'kill' | 'power', isOfNames: boolean, changes: number): void {
    this.#doom = { death, isOfNames, changes }
  }

  /** From now on the disk refuses such changes. */
  refuse(refusal: Refusal): void {
    this.#refusal = refusal
    this.#hasRefused = true
  }

  accept(): void {
    this.#refusal = undefined
  }

  /** A client may be told of a disk that refuses, or refused in this life of the broker. */
  isDiskToBlame(told: ErrorName): boolean {
    return this.#hasRefused && ofDisks.has(told)
  }

  /** Lets it live no longer than so. */
  async liveUntilDeath(mostMs: number, death: Death): Promise<void> {
    const late = this.sleep(mostMs).then(() => 'late')
    const outcome = await this.clock.until(Promise.race([late, this.#death()]))
    this.#doom = undefined
    if (outcome === 'late') await this.die(death)
  }

  async die(death: Death): Promise<void> {
    if (death === 'kill') this.kill()
    else if (death === 'power') this.cutPower()
    else await this.stop()
  }

  async stop(): Promise<void> {
    this.note('stop')
    if (this.#broker !== undefined) await this.clock.until(this.#broker.stop())
    this.kill()
  }

  /** kill -9: the operating system keeps what was written. */
  kill(): void {
    this.note('kill')
    this.#life++
    this.#broker = undefined
    this.#network.cutAll()
    this.#died()
  }

  /** The operating system goes too, with all that it did not put on the disk. */
  cutPower(): void {
    this.kill()
    this.note('power')
    this.disk.losePower()
  }

  /** Resolves with whether it came up. */
  restart(): Promise<boolean> {
    return this.clock.pass(RESTART_MS).then(() => this.start())
  }

  connect(): Promise<SimClient> {
    return SimClient.connect(this.#network.network(), this.clock, PORT)
  }

  /** Resolves after so much time. */
  sleep(durationMs: number): Promise<void> {
    return new Promise((resolve) => this.clock.after(durationMs, resolve))
  }

  #portsOf(life: number): BrokerPorts {
    const isDead = () => this.#life !== life
    const { clock } = this
    return {
      clock: {
        nowMs: () => clock.nowMs(),
        monotonicMs: () => clock.monotonicMs(),
        after: (delayMs, run) => clock.after(delayMs, () => (isDead() ? undefined : run())),
      },
      random: new SimRandom(this.#options.seed + 100 + life),
      disk: this.disk.mount(isDead, (change, path) => this.#meddle(change, path)),
      network: this.#network.network(),
      log: {
        log: (level, message, facts) => {
          if (isDead()) return
          const line = `${Math.floor(clock.monotonicMs())} ${level} ${message} ${JSON.stringify(facts ?? {})}`
          this.log.push(line)
          this.note(line)
        },
      },
    }
  }

  #death(): Promise<undefined> {
    return new Promise((resolve) => {
      this.#died = () => resolve(undefined)
    })
  }

  #meddle(change: DiskChange, path: string): void {
    const doom = this.#doom
    if (doom !== undefined && (!doom.isOfNames || ofNames.has(change)) && --doom.changes === 0) {
      this.#doom = undefined
      this.note(`dies before it is to ${change} ${path}`)
      void this.die(doom.death)
    }
    const code = this.#refusal?.(change, path)
    if (code !== undefined) throw Object.assign(new Error(code), { code })
  }
}
