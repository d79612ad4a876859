import type { Outcome } from './outcome.ts'

/** What has configs, as commands name it. */
export const configTypes = ['topics', 'brokers', 'groups', 'client-metrics'] as const
export type ConfigType = (typeof configTypes)[number]

/** Kafka gives the default of all brokers the empty name. */
export const DEFAULT_BROKER = 'default'

export interface ConfigEntry {
  readonly type: ConfigType
  /** Name of the topic or group, id of the broker, or `default` for all brokers. */
  readonly resource: string
  readonly name: string
  /** Null where it is a secret. */
  readonly value: string | null
  readonly isSensitive: boolean
}

export interface ConfigsView {
  /** What was set of these, or of all that have something set. Defaults are not among it. */
  get(type: ConfigType, resources: readonly string[] | undefined): Promise<readonly Outcome<ConfigEntry[]>[]>
}

const SECRET = /password|secret|sasl\.jaas\.config$|ssl\.keystore\.key$/i

/** Kafka types these as passwords, and hides them; so are those of plug-ins likely to be. */
export function isSensitiveConfig(name: string): boolean {
  return SECRET.test(name)
}
