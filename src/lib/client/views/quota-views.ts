import type { Quota, QuotasView } from '../../model/quotas.ts'
import { sortedQuotas } from '../../model/quotas.ts'
import { describeClientQuotas } from '../../protocol/apis/describe-client-quotas.ts'
import { brokerError } from '../broker-error.ts'
import type { Cluster } from '../cluster.ts'

/** Quotas as the brokers keep them. */
export function liveQuotas(cluster: Cluster): QuotasView {
  return {
    async list() {
      const answer = await cluster.ask(describeClientQuotas, { components: [], strict: false })
      if (answer.errorCode !== 0) throw brokerError(answer.errorCode, answer.errorMessage)
      return sortedQuotas(
        (answer.entries ?? []).flatMap(({ entity, values }) => {
          const whose = Object.fromEntries(
            entity.map(({ entityType, entityName }) => [entityType, entityName]),
          )
          return values.map(({ key, value }): Quota => ({ entity: whose, quota: key, value }))
        }),
      )
    },
  }
}
