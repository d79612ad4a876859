import { FailedError, KtoolError } from '../../errors.ts'
import {
  type ConfigEntry,
  type ConfigsView,
  type ConfigsWish,
  configSource,
  configValueType,
  DEFAULT_BROKER,
  ownSource,
  type ShownConfigType,
} from '../../model/configs.ts'
import type { Outcome } from '../../model/outcome.ts'
import type { Cluster } from '../cluster.ts'
import {
  askConfigs,
  type DescribedConfig,
  type DescribedConfigs,
  type ResourceType,
  resourceTypes,
} from '../configs/describe-configs.ts'
import { resourcesOf } from '../configs/list-resources.ts'
import { ofTopic } from '../topics/of-topic.ts'

const typeIds: Record<ShownConfigType, ResourceType> = {
  topics: resourceTypes.topic,
  brokers: resourceTypes.broker,
  'broker-loggers': resourceTypes.brokerLogger,
  groups: resourceTypes.group,
  'client-metrics': resourceTypes.clientMetrics,
}

const onlySet: ConfigsWish = { isWhole: false, hasSynonyms: false, hasDocumentation: false }

export function liveConfigs(cluster: Cluster): ConfigsView {
  return {
    async get(type, resources, wish = onlySet) {
      const names = resources ?? (await resourcesOf(cluster, type))
      const found = await ask(cluster, type, names, wish)
      const outcomes = names.map((item): Outcome<ConfigEntry[]> => {
        const configs = found.get(item) ?? []
        const outcome =
          configs instanceof KtoolError ? ofTopic(item, configs) : entries(type, item, configs, wish)
        return { item, outcome }
      })
      // Those of whom nothing was set are told of if somebody named them.
      return resources !== undefined ? outcomes : outcomes.filter(({ outcome }) => !isNothing(outcome))
    },
    brokerNames: () => brokerNames(cluster),
  }
}

/** As any of them tells them. */
async function brokerNames(cluster: Cluster): Promise<readonly string[] | undefined> {
  const { brokers } = await cluster.nodes()
  const id = String(brokers[0]?.id ?? '')
  const found = (await askBrokers(cluster, [id], { type: resourceTypes.broker })).get(id)
  return found === undefined || found instanceof KtoolError ? undefined : found.map(({ name }) => name)
}

function isNothing(outcome: ConfigEntry[] | KtoolError): boolean {
  return !(outcome instanceof KtoolError) && outcome.length === 0
}

function ask(
  cluster: Cluster,
  type: ShownConfigType,
  names: readonly string[],
  wish: ConfigsWish,
): Promise<DescribedConfigs> {
  const about = {
    type: typeIds[type],
    hasSynonyms: wish.hasSynonyms,
    hasDocumentation: wish.hasDocumentation,
  }
  if (type === 'brokers' || type === 'broker-loggers') return askBrokers(cluster, names, about)
  return askConfigs(cluster, { ...about, names })
}

/** A broker alone knows its own; the default of all of them has no name, and everyone knows it. */
async function askBrokers(
  cluster: Cluster,
  names: readonly string[],
  about: Omit<Parameters<typeof askConfigs>[1], 'names'>,
): Promise<DescribedConfigs> {
  const asked = names.map(async (name): Promise<[string, readonly DescribedConfig[] | KtoolError]> => {
    const key = name === DEFAULT_BROKER ? '' : name
    try {
      const connection = key === '' ? await cluster.any() : await cluster.broker(brokerId(key))
      const found = await askConfigs(cluster, { ...about, names: [key] }, connection)
      return [name, found.get(key) ?? []]
    } catch (error) {
      if (!(error instanceof KtoolError)) throw error
      return [name, error]
    }
  })
  return new Map(await Promise.all(asked))
}

function brokerId(name: string): number {
  if (/^\d{1,10}$/.test(name)) return Number(name)
  throw new FailedError('no-such-broker', `"${name}" is no id of a broker`, {
    hint: `it is a number, or ${DEFAULT_BROKER} for what holds for all of them`,
  })
}

function entries(
  type: ShownConfigType,
  resource: string,
  configs: readonly DescribedConfig[],
  wish: ConfigsWish,
): ConfigEntry[] {
  const own = ownSource(type, resource)
  return configs
    .map((config): ConfigEntry => {
      const source = configSource(config.configSource)
      const { name, isSensitive } = config
      return {
        type,
        resource,
        name,
        value: isSensitive ? null : config.value,
        isSensitive,
        source,
        isSet: source === own,
        isReadOnly: config.readOnly,
        valueType: configValueType(config.configType),
        synonyms: wish.hasSynonyms ? synonymsOf(config) : null,
        documentation: config.documentation === '' ? null : config.documentation,
      }
    })
    .filter(({ isSet }) => wish.isWhole || isSet)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

function synonymsOf({ synonyms, isSensitive }: DescribedConfig) {
  return synonyms.map(({ name, value, source }) => ({
    name,
    value: isSensitive ? null : value,
    source: configSource(source),
  }))
}
