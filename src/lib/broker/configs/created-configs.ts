import type { BrokerConfigs } from './broker-configs.ts'
import { REQUIRED } from './config-definition.ts'
import { type ConfigOrigin, type ConfigSource, configSources, everyoneOn } from './config-origins.ts'
import { brokerNamesOfTopic, synonymsOf } from './config-synonyms.ts'
import { knownConfigs } from './known-configs.ts'

/** A setting as CreateTopics answers it: as whoever wins has written it, where DescribeConfigs tells what was understood. */
export interface CreatedConfig {
  readonly name: string
  readonly value: string | null
  readonly readOnly: boolean
  readonly configSource: ConfigSource
  readonly isSensitive: boolean
}

/** Of a topic that has, or would have, these settings of its own; sorted by name. */
export function createdConfigs(
  configs: BrokerConfigs,
  own: ReadonlyMap<string, string | null>,
): CreatedConfig[] {
  return [...knownConfigs.topic.values()]
    .filter(({ isInternal, name }) => !isInternal || own.has(name))
    .map((definition) => {
      const fallback = definition.default === REQUIRED ? null : definition.default
      const { value, source } = ofTopic(own, definition.name) ??
        ofBroker(configs, definition.name) ?? { value: fallback, source: configSources.default }
      return { name: definition.name, value, readOnly: false, configSource: source, isSensitive: false }
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

type Said = Pick<ConfigOrigin, 'value' | 'source'>

function ofTopic(own: ReadonlyMap<string, string | null>, name: string): Said | undefined {
  const value = own.get(name)
  return value === undefined ? undefined : { value, source: configSources.topic }
}

/** Who says something of it on purpose, under any of its names; hours become milliseconds. */
function ofBroker(configs: BrokerConfigs, name: string): Said | undefined {
  const brokerName = brokerNamesOfTopic.get(name)
  if (brokerName === undefined) return undefined
  const said = everyoneOn(configs, brokerName).find(({ source }) => source !== configSources.default)
  if (said === undefined) return undefined
  const unitMs = synonymsOf(brokerName).find((synonym) => synonym.name === said.name)?.unitMs ?? 1
  const value = unitMs === 1 ? said.value : String(BigInt(said.value?.trim() ?? '0') * BigInt(unitMs))
  return { value, source: said.source }
}
