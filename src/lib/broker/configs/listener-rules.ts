import { ApiError } from '../api-error.ts'
import type { BrokerConfigs } from './broker-configs.ts'
import { knownConfigs } from './known-configs.ts'

/** What a broker that runs may be told anew of a listener: who it is, and whom it believes. */
export const storeSettings = [
  'ssl.keystore.type',
  'ssl.keystore.location',
  'ssl.keystore.password',
  'ssl.keystore.key',
  'ssl.keystore.certificate.chain',
  'ssl.key.password',
  'ssl.truststore.type',
  'ssl.truststore.location',
  'ssl.truststore.password',
  'ssl.truststore.certificates',
] as const

/** What of one listener may change while it is there. */
const renewable: ReadonlySet<string> = new Set([
  ...storeSettings,
  'max.connections',
  'max.connection.creation.rate',
  'num.network.threads',
])
const OF_LISTENER = /^listener\.name\.([^.]+)\.(.+)$/
const ofListeners = /^(?:ssl|sasl|listeners?|advertised|principal)\./

/**
 * Kafka keeps what is said of one listener while it stands, and refuses whatever is said of all of them from then on: they
 * would need a new start.
 */
export function mustNeedNoStart(now: BrokerConfigs, then: BrokerConfigs, listeners: readonly string[]): void {
  const [before, after] = [now.effective, then.effective]
  const names = [...new Set([...before.keys(), ...after.keys()])]
  const changed = names.filter((name) => before.get(name) !== after.get(name))
  const isOfAll = (name: string) =>
    ofListeners.test(name) && knownConfigs.broker.get(name)?.scope === 'perBroker'
  if (!changed.some(isOfAll)) return
  const moved = names.flatMap((name) => {
    const [, listener = '', base = ''] = OF_LISTENER.exec(name) ?? []
    return renewable.has(base) || now.given.get(name) === after.get(name) ? [] : [listener]
  })
  const one = listeners.find((listener) => moved.includes(listener.toLowerCase()))
  if (one === undefined) return
  throw invalidDynamically(
    `Configs cannot be updated dynamically for existing listener ListenerName(${one}), ` +
      'restart broker or create a new listener for update',
  )
}

/** As Kafka has it, which takes the cause for the value of a setting. */
export function invalidDynamically(words: string): ApiError {
  const exception = `org.apache.kafka.common.config.ConfigException: ${words}`
  return new ApiError(
    'INVALID_REQUEST',
    `Invalid value ${exception} for configuration Invalid dynamic configuration`,
  )
}
