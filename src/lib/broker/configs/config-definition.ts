/** The types of settings, by the numbers that DescribeConfigs gives them. */
export const configTypeCodes = {
  boolean: 1,
  string: 2,
  int: 3,
  short: 4,
  long: 5,
  double: 6,
  list: 7,
  class: 8,
  password: 9,
} as const

export type ConfigTypeName = keyof typeof configTypeCodes

/** When a setting may change. */
export type ConfigScope = 'readOnly' | 'perBroker' | 'clusterWide'

/** Throws the reason for which a value is not one. */
export type ConfigCheck = (value: ConfigValue) => void

export type ConfigValue = boolean | number | bigint | string | readonly string[] | null

/** No default: whoever starts a broker must say. */
export const REQUIRED = Symbol('required')

/** One setting as Kafka defines it. Kept as text, as server.properties and Kafka's records do. */
export class ConfigDefinition {
  readonly name: string
  readonly type: ConfigTypeName
  readonly default: string | null | typeof REQUIRED
  readonly checks: readonly ConfigCheck[]
  readonly scope: ConfigScope
  /** Obeyed, and not told to anyone who asks for all. */
  readonly isInternal: boolean
  /** A list that keeps what is in it twice. */
  readonly isRepeatable: boolean

  constructor(facts: Facts) {
    this.name = facts.name
    this.type = facts.type
    this.default = facts.default
    this.checks = facts.checks ?? []
    this.scope = facts.scope ?? 'readOnly'
    this.isInternal = facts.isInternal ?? false
    this.isRepeatable = facts.isRepeatable ?? false
  }

  /** Kafka tells nobody what these hold. */
  get isSensitive(): boolean {
    return this.type === 'password'
  }

  check(check: ConfigCheck): ConfigDefinition {
    return this.#with({ checks: [...this.checks, check] })
  }

  internal(): ConfigDefinition {
    return this.#with({ isInternal: true })
  }

  repeatable(): ConfigDefinition {
    return this.#with({ isRepeatable: true })
  }

  /** May be set of one broker or of all while they run. */
  clusterWide(): ConfigDefinition {
    return this.#with({ scope: 'clusterWide' })
  }

  /** May be set while the broker runs, of each by itself. */
  perBroker(): ConfigDefinition {
    return this.#with({ scope: 'perBroker' })
  }

  #with(facts: Partial<Facts>): ConfigDefinition {
    return new ConfigDefinition({ ...this, ...facts })
  }
}

interface Facts {
  readonly name: string
  readonly type: ConfigTypeName
  readonly default: string | null | typeof REQUIRED
  readonly checks?: readonly ConfigCheck[]
  readonly scope?: ConfigScope
  readonly isInternal?: boolean
  readonly isRepeatable?: boolean
}

export type Default = string | number | bigint | boolean | null | typeof REQUIRED

function definer(type: ConfigTypeName): (name: string, value: Default) => ConfigDefinition {
  return (name, value) =>
    new ConfigDefinition({
      name,
      type,
      default: value === null || value === REQUIRED ? value : String(value),
    })
}

export const boolean = definer('boolean')
export const string = definer('string')
export const int = definer('int')
export const short = definer('short')
export const long = definer('long')
export const double = definer('double')
export const list = definer('list')
export const className = definer('class')
export const password = definer('password')

export const MAX_INT = 2_147_483_647
export const MAX_LONG = 9_223_372_036_854_775_807n
