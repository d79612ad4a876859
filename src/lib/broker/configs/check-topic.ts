import { ApiError } from '../api-error.ts'
import type { ConfigValue } from './config-definition.ts'
import { checkConfig, parseConfig } from './config-types.ts'
import { knownConfigs } from './known-configs.ts'

/** Throws INVALID_CONFIG, in Kafka's words, for what no topic may be set to. Null is a setting without a value. */
export function checkTopicConfigs(wanted: ReadonlyMap<string, string | null>): void {
  const empty = [...wanted].flatMap(([name, value]) => (value === null ? [name] : []))
  if (empty.length > 0) throw invalid(`Null value not supported for topic configs: ${empty.join(',')}`)
  for (const name of wanted.keys()) {
    if (!knownConfigs.topic.has(name)) throw invalid(`Unknown topic config name: ${name}`)
  }
  // One after the other as they are defined: Kafka complains of the first
  for (const definition of knownConfigs.topic.values()) {
    const text = wanted.get(definition.name)
    if (typeof text === 'string') checkConfig(definition, text)
  }
  mustFitTogether(wanted)
}

function mustFitTogether(wanted: ReadonlyMap<string, string | null>): void {
  const min = settledValue('min.compaction.lag.ms', wanted)
  const max = settledValue('max.compaction.lag.ms', wanted)
  if (min !== null && max !== null && min > max) {
    throw invalid(
      `conflict topic config setting min.compaction.lag.ms (${min}) > max.compaction.lag.ms (${max})`,
    )
  }
  if (settledValue('remote.storage.enable', wanted) !== true) return
  throw invalid(
    'Tiered Storage functionality is disabled in the broker. Topic cannot be configured with remote log storage.',
  )
}

function settledValue(name: string, wanted: ReadonlyMap<string, string | null>): ConfigValue {
  const definition = knownConfigs.topic.get(name)
  const text = wanted.get(name) ?? definition?.default
  return definition === undefined || typeof text !== 'string' ? null : parseConfig(definition, text)
}

function invalid(message: string): ApiError {
  return new ApiError('INVALID_CONFIG', message)
}
