import { ApiError } from '../broker/api-error.ts'
import { checkGivenConfigs } from '../broker/configs/broker-rules.ts'
import { checkConfig } from '../broker/configs/config-types.ts'
import { findBrokerConfig, knownConfigs } from '../broker/configs/known-configs.ts'
import { authorizerSettings } from '../broker/security/authorizer-settings.ts'
import type { Settings } from '../config/settings.ts'
import { FailedError, type KtoolError, UsageError } from '../errors.ts'
import { nearest } from '../values/nearest.ts'

/** Kafka lets a name that it does not know pass, and with it every slip of the pen; here it is refused. */
export function checkSettings({ values, places }: Settings): void {
  for (const [name, value] of values) {
    const place = places.get(name) ?? ''
    const definition = findBrokerConfig(name)
    if (definition !== undefined) {
      refusing(place, definition.isSensitive ? undefined : value, name, () => checkConfig(definition, value))
    } else if (!authorizerSettings.has(name)) throw unknown(name, place)
  }
  mustFitTogether({ values, places })
}

function mustFitTogether({ values, places }: Settings): void {
  try {
    checkGivenConfigs(values)
  } catch (refusal) {
    if (!(refusal instanceof ApiError)) throw refusal
    const { message } = refusal
    // It names one of those that do not go together, by the first of its names
    const named = [...values.keys()].find((name) => message.includes(name)) ?? [...values.keys()].at(-1)
    throw errorAt(places.get(named ?? '') ?? '', 'invalid-setting', message, '')
  }
}

function unknown(name: string, place: string): KtoolError {
  if (/^[a-z0-9-]+\.sasl\.jaas\.config$/.test(name)) {
    const hint = `say of which: listener.name.NAME.${name}`
    return errorAt(place, 'unknown-setting', `${name} is said of one listener`, hint)
  }
  const meant = nearest(name, [...knownConfigs.broker.keys(), ...authorizerSettings])
  const guess = meant.length === 0 ? '' : `did you mean ${meant.join(', or ')}?`
  return errorAt(place, 'unknown-setting', `no broker has a setting "${name}"`, guess)
}

function refusing(place: string, value: string | undefined, name: string, check: () => unknown): void {
  try {
    check()
  } catch (refusal) {
    if (!(refusal instanceof ApiError)) throw refusal
    // Kafka's own words repeat the value, and a secret is not repeated.
    const message = value === undefined ? `the value of ${name} is not one` : refusal.message
    throw errorAt(place, 'invalid-setting', message, '')
  }
}

/** What was typed is the command line's mistake, what stands in a file is the file's. */
function errorAt(place: string, code: string, message: string, hint: string): KtoolError {
  const facts = { details: { place }, ...(hint === '' ? {} : { hint }) }
  if (place === '-X') return new UsageError(code, `-X: ${message}`, facts)
  return new FailedError(code, `${place}: ${message}`, facts)
}
