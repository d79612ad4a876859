import type { QuotaImage } from '../../log/cluster/metadata-image.ts'
import { clientQuotaRecord } from '../../protocol/records/cluster-metadata-records.ts'
import { asEntityFields, isSameEntity } from '../configs/client-quotas.ts'
import type { QuotaChange } from './controller.ts'

/** One record for each quota that is not yet as it shall be. */
export function quotaChanges(changes: readonly QuotaChange[], before: readonly QuotaImage[]): Buffer[] {
  const real = changes.filter(({ entity, key, value }) => {
    const current = before.find((each) => isSameEntity(each.entity, entity))?.values.get(key)
    return (current ?? null) !== value
  })
  return real.map(({ entity, key, value }) =>
    clientQuotaRecord.encodeFramed(
      { entity: asEntityFields(entity), key, value: value ?? 0, remove: value === null },
      0,
    ),
  )
}
