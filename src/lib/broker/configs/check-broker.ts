import { ApiError } from '../api-error.ts'
import type { BrokerConfigs } from './broker-configs.ts'
import { mustFitTogether } from './broker-rules.ts'
import { checkConfig } from './config-types.ts'
import { findBrokerConfig, knownConfigs } from './known-configs.ts'
import { invalidDynamically, storeSettings } from './listener-rules.ts'

/** They hold keys, and one listener's are not another's. */
const ofOneListener: ReadonlySet<string> = new Set(storeSettings)

/** Limits of a listener that all brokers may have in common. */
const ofAllBrokers: ReadonlySet<string> = new Set([
  'max.connections',
  'max.connection.creation.rate',
  'num.network.threads',
])

/** This broker binds its sockets once. */
const ofTheStart: ReadonlySet<string> = new Set(['listeners', 'listener.security.protocol.map'])

/**
 * Throws what Kafka throws where a running broker, or (by '') all brokers, may not have these settings: `wanted`
 * is everything that would be set. What Kafka does not know it takes.
 */
export function checkBrokerConfigs(
  configs: BrokerConfigs,
  resource: string,
  wanted: ReadonlyMap<string, string>,
): void {
  const names = [...wanted.keys()]
  refuse(
    names.filter((name) => knownConfigs.broker.get(name)?.scope === 'readOnly'),
    'Cannot update these configs dynamically',
  )
  refuse(
    names.filter((name) => ofOneListener.has(name)),
    'These security configs can be dynamically updated only per-listener using the listener prefix',
  )
  mustBeValues(wanted)
  refuse(
    resource === '' ? ofOneBroker(names) : [],
    'Cannot update these configs at default cluster level, broker id must be specified',
  )
  const then = configs.supposing(resource, wanted)
  mustFitTogether(configs, then)
  configs.mustSuit(then)
  refuse(
    names.filter((name) => ofTheStart.has(name) && wanted.get(name) !== (configs.text(name) ?? '')),
    'This broker takes these configs at its start only',
  )
}

/** Of one listener nearly all is one broker's, also what Kafka does not know. */
function ofOneBroker(names: readonly string[]): readonly string[] {
  return [
    ...names.filter((name) => knownConfigs.broker.get(name)?.scope === 'perBroker'),
    ...names.filter((name) => {
      const [, ofListener] = /^listener\.name\.[^.]*\.(.*)$/.exec(name) ?? []
      return ofListener !== undefined && !ofAllBrokers.has(ofListener)
    }),
  ]
}

function refuse(names: readonly string[], reason: string): void {
  if (names.length > 0) throw new ApiError('INVALID_REQUEST', `${reason}: [${names.join(', ')}]`)
}

function mustBeValues(wanted: ReadonlyMap<string, string>): void {
  for (const [name, text] of wanted) {
    const definition = findBrokerConfig(name)
    if (definition === undefined) continue
    try {
      checkConfig(definition, text)
    } catch (refusal) {
      if (!(refusal instanceof ApiError)) throw refusal
      // What no running broker takes of all listeners, Kafka reads only once it tries what is said of one
      const isTried = name !== definition.name && definition.scope === 'readOnly'
      // Of a broker Kafka calls it the request's fault
      throw isTried ? invalidDynamically(refusal.message) : new ApiError('INVALID_REQUEST', refusal.message)
    }
    if (definition.type === 'class' && text !== definition.default) {
      const message = `Invalid value ${text} for configuration ${definition.name}: Class ${text} could not be found.`
      throw new ApiError('INVALID_REQUEST', message)
    }
  }
}
