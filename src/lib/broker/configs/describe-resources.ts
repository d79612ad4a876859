import { javaHash } from '../../bytes/java-hash.ts'
import { inJavaMapOrder } from '../java-map-order.ts'
import type { BrokerConfigs } from './broker-configs.ts'
import { type ConfigDefinition, REQUIRED } from './config-definition.ts'
import { type ConfigEntry, configEntry } from './config-entries.ts'
import { type ConfigOrigin, type ConfigSource, configSources, originsOf } from './config-origins.ts'
import { brokerNamesOfGroup, brokerNamesOfTopic } from './config-synonyms.ts'
import { configText, readConfig } from './config-types.ts'
import { findBrokerConfig, knownConfigs } from './known-configs.ts'
import { brokerValue } from './topic-configs.ts'

/** All settings of a topic, set or not. */
export function describeTopic(configs: BrokerConfigs, topic: string): readonly ConfigEntry[] {
  const own = configs.dynamicOf('topic', topic)
  const unset = configs.derived(describeUnsetTopic)
  if (own.size === 0) return unset
  return unset.map((entry) => {
    const definition = own.has(entry.name) ? knownConfigs.topic.get(entry.name) : undefined
    if (definition === undefined) return entry
    const behind = { source: configSources.topic, inherited: entry.value, rest: entry.synonyms }
    return settled(definition, own.get(entry.name), behind)
  })
}

function describeUnsetTopic(configs: BrokerConfigs): readonly ConfigEntry[] {
  return published(knownConfigs.topic).map((definition) => {
    const { name, type } = definition
    const brokerName = brokerNamesOfTopic.get(name)
    const rest = brokerName === undefined ? [] : originsOf(configs, brokerName)
    const inherited = configText(type, brokerValue(configs, name))
    return settled(definition, undefined, { source: configSources.topic, inherited, rest })
  })
}

/** All settings of a group, set or not. */
export function describeGroup(configs: BrokerConfigs, group: string): readonly ConfigEntry[] {
  const own = configs.dynamicOf('group', group)
  return published(knownConfigs.group).map((definition) => {
    const brokerName = brokerNamesOfGroup.get(definition.name)
    const inherited = brokerName === undefined ? defaultOf(definition) : normalText(configs, brokerName)
    const rest = brokerName === undefined ? asDefault(definition) : originsOf(configs, brokerName)
    return settled(definition, own.get(definition.name), { source: configSources.group, inherited, rest })
  })
}

/** All settings of a subscription to the metrics of clients. */
export function describeClientMetrics(configs: BrokerConfigs, name: string): readonly ConfigEntry[] {
  const own = configs.dynamicOf('client-metrics', name)
  return published(knownConfigs['client-metrics']).map((definition) =>
    settled(definition, own.get(definition.name), {
      source: configSources.clientMetrics,
      inherited: defaultOf(definition),
      rest: [],
    }),
  )
}

/** All settings of the broker: those that were given, whether anybody knows them or not, and those that Kafka knows. */
export function describeBroker(configs: BrokerConfigs): readonly ConfigEntry[] {
  const known = published(knownConfigs.broker).map(({ name }) => name)
  const set = [
    configs.given,
    configs.dynamicOf('broker', ''),
    configs.dynamicOf('broker', String(configs.nodeId)),
  ]
  const names = new Set([...set.flatMap((each) => [...each.keys()]), ...known])
  return inJavaMapOrder([...names], javaHash).map((name) => {
    const definition = findBrokerConfig(name)
    const origins = originsOf(configs, name)
    const value = knownConfigs.broker.has(name) ? normalText(configs, name) : (origins[0]?.value ?? null)
    return configEntry({ name, definition, value, origins, isReadOnly: isReadOnly(name, definition) })
  })
}

/** What was set of all brokers while they ran. */
export function describeBrokerDefault(configs: BrokerConfigs): readonly ConfigEntry[] {
  return [...configs.dynamicOf('broker', '')].map(([name, value]) => {
    const definition = findBrokerConfig(name)
    const all = originsOf(configs, name)
    const origins = all.filter(({ source }) => source === configSources.brokerDefault)
    return configEntry({ name, definition, value, origins, isReadOnly: isReadOnly(name, definition) })
  })
}

interface Behind {
  readonly source: ConfigSource
  /** What holds where nothing was set of the resource itself. */
  readonly inherited: string | null
  readonly rest: readonly ConfigOrigin[]
}

function settled(definition: ConfigDefinition, own: string | undefined, behind: Behind): ConfigEntry {
  const { name } = definition
  if (own === undefined)
    return configEntry({ name, definition, value: behind.inherited, origins: behind.rest })
  const value = normal(definition, own)
  const origins = [{ name, value, source: behind.source }, ...behind.rest]
  return configEntry({ name, definition, value, origins })
}

/** As it was understood; what cannot be understood is told as it was written. */
function normal(definition: ConfigDefinition, text: string): string | null {
  const value = readConfig(definition, text)
  return value === undefined ? text : configText(definition.type, value)
}

function normalText(configs: BrokerConfigs, name: string): string | null {
  const text = configs.text(name)
  const definition = findBrokerConfig(name)
  return text === null || definition === undefined ? text : normal(definition, text)
}

function published(known: ReadonlyMap<string, ConfigDefinition>): readonly ConfigDefinition[] {
  const told = [...known.values()].filter(({ isInternal }) => !isInternal)
  return inJavaMapOrder(told, ({ name }) => javaHash(name))
}

function defaultOf(definition: ConfigDefinition): string | null {
  return definition.default === REQUIRED ? null : definition.default
}

function asDefault(definition: ConfigDefinition): readonly ConfigOrigin[] {
  return [{ name: definition.name, value: defaultOf(definition), source: configSources.default }]
}

/** A listener's own setting may be altered as well, but Kafka says no. */
function isReadOnly(name: string, definition: ConfigDefinition | undefined): boolean {
  return definition === undefined || definition.name !== name || definition.scope === 'readOnly'
}
