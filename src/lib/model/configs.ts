import type { Outcome } from './outcome.ts'

/** What has configs, as commands name it. */
export const configTypes = ['topics', 'brokers', 'groups', 'client-metrics'] as const
export type ConfigType = (typeof configTypes)[number]
/** What can be shown besides: a broker keeps the levels of its loggers in its memory alone. */
export const shownConfigTypes = [...configTypes, 'broker-loggers'] as const
export type ShownConfigType = (typeof shownConfigTypes)[number]

/** Kafka gives the default of all brokers the empty name. */
export const DEFAULT_BROKER = 'default'

export interface ConfigEntry {
  readonly type: ShownConfigType
  /** Name of the topic or group, id of the broker, or `default` for all brokers. */
  readonly resource: string
  readonly name: string
  /** Null where it is a secret. */
  readonly value: string | null
  readonly isSensitive: boolean
  /** Where the value comes from, in Kafka's own words. */
  readonly source: string
  /** It was set of this resource, while the cluster ran. */
  readonly isSet: boolean
  /** Only a restart with another file changes it; null where that is not known. */
  readonly isReadOnly: boolean | null
  /** `STRING`, `INT` …; null where it is not known. */
  readonly valueType: string | null
  /** What would hold if it were not set here, the nearest first, itself among them; null where it was not asked for. */
  readonly synonyms: readonly ConfigSynonym[] | null
  /** In the broker's words, HTML and all. */
  readonly documentation: string | null
}

export interface ConfigSynonym {
  readonly name: string
  readonly value: string | null
  readonly source: string
}

export interface ConfigsWish {
  /** Files and defaults too, not only what was set of the resource while the cluster ran. */
  readonly isWhole: boolean
  readonly hasSynonyms: boolean
  readonly hasDocumentation: boolean
}

export interface ConfigsView {
  /** Configs of these, or of all that have something set; only what was set, if it is not said otherwise. */
  get(
    type: ShownConfigType,
    resources: readonly string[] | undefined,
    wish?: ConfigsWish,
  ): Promise<readonly Outcome<ConfigEntry[]>[]>
  /** Names of all configs that brokers know; undefined where that is not told. */
  brokerNames?(): Promise<readonly string[] | undefined>
}

/** By their numbers on the wire. */
const sources = [
  'UNKNOWN',
  'DYNAMIC_TOPIC_CONFIG',
  'DYNAMIC_BROKER_CONFIG',
  'DYNAMIC_DEFAULT_BROKER_CONFIG',
  'STATIC_BROKER_CONFIG',
  'DEFAULT_CONFIG',
  'DYNAMIC_BROKER_LOGGER_CONFIG',
  'DYNAMIC_CLIENT_METRICS_CONFIG',
  'DYNAMIC_GROUP_CONFIG',
] as const
export type ConfigSource = (typeof sources)[number]

export function configSource(id: number): string {
  return sources[id] ?? `UNKNOWN(${id})`
}

/** Where what is set of a resource of each type comes from. */
const ownSources: Record<ShownConfigType, ConfigSource> = {
  topics: 'DYNAMIC_TOPIC_CONFIG',
  brokers: 'DYNAMIC_BROKER_CONFIG',
  'broker-loggers': 'DYNAMIC_BROKER_LOGGER_CONFIG',
  groups: 'DYNAMIC_GROUP_CONFIG',
  'client-metrics': 'DYNAMIC_CLIENT_METRICS_CONFIG',
}

export function ownSource(type: ShownConfigType, resource: string): ConfigSource {
  const isOfAll = type === 'brokers' && resource === DEFAULT_BROKER
  return isOfAll ? 'DYNAMIC_DEFAULT_BROKER_CONFIG' : ownSources[type]
}

const valueTypes = [
  'UNKNOWN',
  'BOOLEAN',
  'STRING',
  'INT',
  'SHORT',
  'LONG',
  'DOUBLE',
  'LIST',
  'CLASS',
  'PASSWORD',
]

export function configValueType(id: number): string | null {
  return id === 0 ? null : (valueTypes[id] ?? `UNKNOWN(${id})`)
}

const SECRET = /password|secret|sasl\.jaas\.config$|ssl\.keystore\.key$/i

/** Kafka types these as passwords, and hides them; so are those of plug-ins likely to be. */
export function isSensitiveConfig(name: string): boolean {
  return SECRET.test(name)
}
