import { DataError } from '../../errors.ts'
import { clientQuotaRecord, configRecord } from '../../protocol/records/cluster-metadata-records.ts'
import { change, type MetadataChange } from './metadata-change.ts'
import type { ConfigResourceType } from './metadata-image.ts'
import { tagKeys } from './unknown-tags.ts'

const resourceTypes: Readonly<Record<number, ConfigResourceType>> = {
  2: 'topic',
  4: 'broker',
  16: 'client-metrics',
  32: 'group',
}

export const configChanges: readonly MetadataChange[] = [
  change(configRecord, (state, { resourceType, resourceName, name, value, unknownTags }) => {
    const type = resourceTypes[resourceType]
    if (type === undefined) {
      throw new DataError('unknown-resource-type', `resources of type ${resourceType} are of a later Kafka`)
    }
    const configs = state.configsOf(type, resourceName)
    if (value === null) configs.delete(name)
    else configs.set(name, value)
    state.tags.keep(tagKeys.config(type, resourceName, name), unknownTags)
  }),
  change(clientQuotaRecord, ({ quotas }, { entity, key, value, remove }) => {
    const names = entity.map(({ entityType, entityName }): [string, string | null] => [
      entityType,
      entityName,
    ])
    const id = JSON.stringify(names.sort(([a], [b]) => (a < b ? -1 : 1)))
    const quota = quotas.get(id) ?? { entity: new Map(names), values: new Map<string, number>() }
    quotas.set(id, quota)
    if (remove) quota.values.delete(key)
    else quota.values.set(key, value)
  }),
]
