import { createHash } from 'node:crypto'
import { type Broker, openBroker } from '../../src/lib/broker/broker.ts'
import type { BrokerPorts } from '../../src/lib/broker/broker-ports.ts'
import { SimClient } from './sim-client.ts'
import { SimClock } from './sim-clock.ts'
import { SimDisk } from './sim-disk.ts'
import { SimNetwork } from './sim-network.ts'
import { SimRandom } from './sim-random.ts'

export interface WorldOptions {
  readonly seed: number
  readonly flush: 'interval' | 'ack'
  /** One, unless it is said. */
  readonly dataDirs?: readonly string[]
  readonly settings: ReadonlyMap<string, string>
  readonly topics: readonly { readonly name: string; readonly partitions: number }[]
}

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
  #life = 0
  #broker: Broker | undefined

  constructor(options: WorldOptions) {
    const { seed } = options
    this.#options = options
    this.random = new SimRandom(seed)
    this.disk = new SimDisk(this.clock, new SimRandom(seed + 1))
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

  async start(): Promise<void> {
    const life = ++this.#life
    const { settings, flush, topics } = this.#options
    this.note('start')
    this.#broker = await this.clock.until(
      openBroker({
        ports: this.#portsOf(life),
        dataDirs: this.dataDirs,
        settings,
        flush,
        topics,
        listeners: [{ name: 'PLAINTEXT', hosts: ['127.0.0.1'], port: PORT }],
      }),
    )
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
  }

  /** The operating system goes too, with all that it did not put on the disk. */
  cutPower(): void {
    this.kill()
    this.note('power')
    this.disk.losePower()
  }

  restart(): Promise<void> {
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
      disk: this.disk.mount(isDead),
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
}
