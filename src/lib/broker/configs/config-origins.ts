import type { BrokerConfigs } from './broker-configs.ts'
import { REQUIRED } from './config-definition.ts'
import { synonymsOf } from './config-synonyms.ts'
import { findBrokerConfig, knownConfigs } from './known-configs.ts'

/** Where a value was said, by the numbers that DescribeConfigs gives it. */
export const configSources = {
  topic: 1,
  broker: 2,
  brokerDefault: 3,
  given: 4,
  default: 5,
  brokerLogger: 6,
  clientMetrics: 7,
  group: 8,
} as const

export type ConfigSource = (typeof configSources)[keyof typeof configSources]

/** One who says something of a setting, under whichever of its names. */
export interface ConfigOrigin {
  readonly name: string
  /** Null for a secret. */
  readonly value: string | null
  readonly source: ConfigSource
}

/**
 * Everyone who says something of a broker's setting, the one that wins first. What is said under other names
 * only counts behind the first that uses the name itself: Kafka does not tell of log.retention.hours where
 * nobody speaks of log.retention.ms.
 */
export function originsOf(configs: BrokerConfigs, name: string): readonly ConfigOrigin[] {
  const all = everyoneOn(configs, name)
  const first = all.findIndex((origin) => origin.name === name)
  return first === -1 ? [] : all.slice(first)
}

/** The same, with those who use other names only. */
export function everyoneOn(configs: BrokerConfigs, name: string): readonly ConfigOrigin[] {
  const levels: readonly [ConfigSource, (name: string) => string | null | undefined][] = [
    [configSources.broker, (each) => configs.dynamicOf('broker', String(configs.nodeId)).get(each)],
    [configSources.brokerDefault, (each) => configs.dynamicOf('broker', '').get(each)],
    [configSources.given, (each) => configs.given.get(each)],
    [configSources.default, defaultOf],
  ]
  const isSecret = findBrokerConfig(name)?.isSensitive ?? true
  return levels.flatMap(([source, find]) =>
    synonymsOf(name).flatMap((synonym) => {
      const value = find(synonym.name) ?? null
      return value === null ? [] : [{ name: synonym.name, value: isSecret ? null : value, source }]
    }),
  )
}

/** What nobody set has a default only under its own name, not as a listener's. */
function defaultOf(name: string): string | null {
  const definition = knownConfigs.broker.get(name)
  return definition === undefined || definition.default === REQUIRED ? null : definition.default
}
