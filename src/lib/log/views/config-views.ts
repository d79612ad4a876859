import { FailedError, type KtoolError } from '../../errors.ts'
import {
  type ConfigEntry,
  type ConfigsView,
  type ConfigType,
  DEFAULT_BROKER,
  isSensitiveConfig,
  ownSource,
} from '../../model/configs.ts'
import type { ConfigResourceType, MetadataImage } from '../cluster/metadata-image.ts'

const resourceTypes: Readonly<Record<ConfigType, ConfigResourceType>> = {
  topics: 'topic',
  brokers: 'broker',
  groups: 'group',
  'client-metrics': 'client-metrics',
}

/** Configs that were set while the cluster ran. Those of server.properties and the defaults are not in its log. */
export function diskConfigs(image: MetadataImage): ConfigsView {
  return {
    async get(type, resources) {
      if (type === 'broker-loggers') throw noLoggers()
      const set = image.configs.get(resourceTypes[type]) ?? new Map<string, ReadonlyMap<string, string>>()
      const all = () => [...set.keys()].map((name) => nameOf(type, name)).sort()
      return (resources ?? all()).map((item) => {
        const configs = set.get(type === 'brokers' && item === DEFAULT_BROKER ? '' : item)
        if (configs !== undefined && configs.size > 0) return { item, outcome: entries(type, item, configs) }
        return { item, outcome: isKnown(image, type, item) ? [] : notFound(type, item) }
      })
    },
  }
}

function entries(type: ConfigType, resource: string, configs: ReadonlyMap<string, string>): ConfigEntry[] {
  return [...configs]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => {
      const isSensitive = isSensitiveConfig(name)
      return {
        type,
        resource,
        name,
        value: isSensitive ? null : value,
        isSensitive,
        source: ownSource(type, resource),
        isSet: true,
        isReadOnly: null,
        valueType: null,
        synonyms: null,
        documentation: null,
      }
    })
}

function nameOf(type: ConfigType, name: string): string {
  return type === 'brokers' && name === '' ? DEFAULT_BROKER : name
}

/** Of groups and client metrics the log knows those alone that have something set. */
function isKnown({ topics, brokers }: MetadataImage, type: ConfigType, name: string): boolean {
  if (type === 'topics') return topics.has(name)
  if (type === 'brokers') return name === DEFAULT_BROKER || brokers.has(Number(name))
  return false
}

function noLoggers(): KtoolError {
  return new FailedError('not-known-here', 'a disk does not know the levels of the loggers of a broker', {
    hint: 'ask the broker while it runs: ktool configs get broker-loggers ID -b HOST:PORT',
  })
}

function notFound(type: ConfigType, name: string): KtoolError {
  const sentences: Record<ConfigType, string> = {
    topics: `there is no topic "${name}"`,
    brokers: `there is no broker "${name}"`,
    groups: `nothing is set of a group "${name}"`,
    'client-metrics': `there is no client metrics resource "${name}"`,
  }
  return new FailedError(`${type.replace(/s$/, '')}-not-found`, sentences[type], {
    hint: `ktool configs get ${type} shows all that have something set`,
  })
}
