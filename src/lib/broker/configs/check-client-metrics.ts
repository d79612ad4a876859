import { ApiError } from '../api-error.ts'
import { checkConfig, trim } from './config-types.ts'
import { knownConfigs } from './known-configs.ts'

/** What a subscription may choose clients by (KIP-714). */
const clientFacts: ReadonlySet<string> = new Set([
  'client_instance_id',
  'client_id',
  'client_software_name',
  'client_software_version',
  'client_source_address',
  'client_source_port',
])

/** Throws what Kafka throws for what no subscription to clients' metrics may be set to. */
export function checkClientMetricsConfigs(wanted: ReadonlyMap<string, string>): void {
  const known = knownConfigs['client-metrics']
  for (const name of wanted.keys()) {
    if (known.has(name)) continue
    throw new ApiError('INVALID_REQUEST', `Unknown client metrics configuration: ${name}`)
  }
  for (const definition of known.values()) {
    const text = wanted.get(definition.name)
    if (text === undefined) continue
    const value = checkConfig(definition, text)
    if (typeof value === 'number') mustBePace(value)
    else if (definition.name === 'match' && Array.isArray(value)) value.forEach(mustBePattern)
  }
}

function mustBePace(intervalMs: number): void {
  if (intervalMs >= 100 && intervalMs <= 3_600_000) return
  const message = `Invalid value ${intervalMs} for interval.ms, interval must be between 100 and 3600000 (1 hour)`
  throw new ApiError('INVALID_REQUEST', message)
}

function mustBePattern(text: string): void {
  const [fact = '', pattern = '', ...more] = text.split('=')
  if (more.length === 0 && pattern !== '' && clientFacts.has(trim(fact)) && isRegex(trim(pattern))) return
  throw new ApiError('INVALID_CONFIG', `Illegal client matching pattern: ${text}`)
}

function isRegex(text: string): boolean {
  try {
    new RegExp(text)
    return true
  } catch {
    return false
  }
}
