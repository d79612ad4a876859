import type { BrokerConfigs } from '../configs/broker-configs.ts'
import { addressOf } from '../quotas/address-of.ts'

/** How many connections there may be, and how fast they may come: whatever was set last. */
export class ConnectionLimits {
  readonly #configs: BrokerConfigs
  readonly #listeners: readonly string[]
  /** Where there are several, that of the brokers among themselves is served when no other is. */
  readonly #protectedListener: string | null

  constructor(configs: BrokerConfigs, listeners: readonly string[]) {
    this.#configs = configs
    this.#listeners = listeners
    this.#protectedListener = new Set(listeners).size > 1 ? listenerOfBrokers(configs) : null
  }

  /** The same by other settings. */
  by(configs: BrokerConfigs): ConnectionLimits {
    return new ConnectionLimits(configs, this.#listeners)
  }

  isProtected(listener: string): boolean {
    return listener === this.#protectedListener
  }

  get most(): number {
    return this.#configs.int('max.connections')
  }

  mostOf(listener: string): number {
    return this.#configs.intOfListener(listener, 'max.connections')
  }

  mostFrom(address: string): number {
    return this.#configs.derived(overridesIn).get(address) ?? this.#configs.int('max.connections.per.ip')
  }

  get perSecond(): number {
    return this.#configs.int(RATE)
  }

  perSecondOf(listener: string): number {
    return this.#configs.intOfListener(listener, RATE)
  }

  get windows() {
    return {
      count: this.#configs.int('quota.window.num'),
      sizeMs: this.#configs.int('quota.window.size.seconds') * 1000,
    }
  }
}

const RATE = 'max.connection.creation.rate'

function listenerOfBrokers(configs: BrokerConfigs): string {
  return configs.optional('inter.broker.listener.name') ?? configs.string('security.inter.broker.protocol')
}

/** `host:count`, with commas between. */
function overridesIn(configs: BrokerConfigs): ReadonlyMap<string, number> {
  const entries = configs.string('max.connections.per.ip.overrides').split(',')
  const known = entries.filter((entry) => entry.trim() !== '')
  return new Map(
    known.map((entry) => {
      const colon = entry.lastIndexOf(':')
      return [addressOf(entry.slice(0, colon).trim()), Number(entry.slice(colon + 1))]
    }),
  )
}
