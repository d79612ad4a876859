import { ApiError } from '../api-error.ts'
import type { BrokerConfigs } from './broker-configs.ts'
import { brokerNamesOfGroup } from './config-synonyms.ts'
import { checkConfig } from './config-types.ts'
import { knownConfigs } from './known-configs.ts'

interface Limits {
  readonly name: string
  /** The broker's settings that limit it. */
  readonly min?: string
  readonly max: string
  /** Kafka looks at it only where it is set. */
  readonly isOptional?: boolean
}

/** In the order in which Kafka looks. */
const limits: readonly Limits[] = [
  between('consumer', 'heartbeat.interval.ms'),
  between('consumer', 'session.timeout.ms'),
  { ...between('consumer', 'assignment.interval.ms'), isOptional: true },
  between('share', 'heartbeat.interval.ms'),
  between('share', 'session.timeout.ms'),
  between('share', 'record.lock.duration.ms'),
  between('share', 'delivery.count.limit'),
  between('share', 'partition.max.record.locks'),
  { ...between('share', 'assignment.interval.ms'), isOptional: true },
  between('streams', 'heartbeat.interval.ms'),
  between('streams', 'session.timeout.ms'),
  { name: 'streams.num.standby.replicas', max: 'group.streams.max.standby.replicas' },
  { ...between('streams', 'assignment.interval.ms'), isOptional: true },
]

/** Throws INVALID_CONFIG, in Kafka's words, for what no group may be set to. */
export function checkGroupConfigs(configs: BrokerConfigs, wanted: ReadonlyMap<string, string>): void {
  for (const name of wanted.keys()) {
    if (!knownConfigs.group.has(name)) throw invalid(`Unknown group config name: ${name}`)
  }
  const values = new Map<string, number>()
  for (const definition of knownConfigs.group.values()) {
    const text = wanted.get(definition.name)
    const value = text === undefined ? undefined : checkConfig(definition, text)
    if (typeof value === 'number') values.set(definition.name, value)
  }
  for (const limit of limits) mustBeWithin(configs, values, limit)
  for (const kind of ['consumer', 'share', 'streams']) mustOutlast(configs, values, kind)
}

function between(kind: string, what: string): Limits {
  return { name: `${kind}.${what}`, min: `group.${kind}.min.${what}`, max: `group.${kind}.max.${what}` }
}

function mustBeWithin(
  configs: BrokerConfigs,
  values: ReadonlyMap<string, number>,
  { name, min, max, isOptional }: Limits,
): void {
  if (isOptional === true && !values.has(name)) return
  const value = settledValue(configs, values, name)
  if (min !== undefined && value < configs.int(min)) {
    throw invalid(`${name} must be greater than or equal to ${min}`)
  }
  if (value > configs.int(max)) throw invalid(`${name} must be less than or equal to ${max}`)
}

function mustOutlast(configs: BrokerConfigs, values: ReadonlyMap<string, number>, kind: string): void {
  const [heartbeat, session] = [`${kind}.heartbeat.interval.ms`, `${kind}.session.timeout.ms`]
  if (settledValue(configs, values, session) > settledValue(configs, values, heartbeat)) return
  throw invalid(`${session} must be greater than ${heartbeat}`)
}

function settledValue(configs: BrokerConfigs, values: ReadonlyMap<string, number>, name: string): number {
  return values.get(name) ?? configs.int(brokerNamesOfGroup.get(name) ?? name)
}

function invalid(message: string): ApiError {
  return new ApiError('INVALID_CONFIG', message)
}
