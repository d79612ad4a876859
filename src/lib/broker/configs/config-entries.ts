import { type ConfigDefinition, configTypeCodes } from './config-definition.ts'
import { type ConfigOrigin, configSources } from './config-origins.ts'

/** One setting as DescribeConfigs tells it, with all who say something of it. */
export interface ConfigEntry {
  readonly name: string
  readonly value: string | null
  readonly readOnly: boolean
  readonly configSource: number
  readonly isSensitive: boolean
  readonly synonyms: readonly ConfigOrigin[]
  readonly configType: number
  readonly documentation: string | null
}

interface Facts {
  readonly name: string
  /** Nothing where Kafka knows no such setting: it may be a secret, for all that anyone can tell. */
  readonly definition: ConfigDefinition | undefined
  readonly value: string | null
  readonly origins: readonly ConfigOrigin[]
  readonly isReadOnly?: boolean
}

const UNKNOWN_TYPE = 0

export function configEntry({ name, definition, value, origins, isReadOnly }: Facts): ConfigEntry {
  const isSensitive = definition?.isSensitive ?? true
  return {
    name,
    value: isSensitive ? null : value,
    readOnly: isReadOnly ?? false,
    configSource: origins[0]?.source ?? configSources.default,
    isSensitive,
    synonyms: origins,
    configType: definition === undefined ? UNKNOWN_TYPE : configTypeCodes[definition.type],
    documentation: definition?.name === name ? documentationOf(definition) : null,
  }
}

/** In our words: what can be told of a setting without telling what it is good for. */
function documentationOf({ type, default: value }: ConfigDefinition): string {
  const kind = type === 'class' ? 'The name of a class' : `A value of type ${type}`
  if (typeof value !== 'string') return `${kind}.`
  return value === '' ? `${kind}; empty unless it is set.` : `${kind}; ${value} unless it is set.`
}
