import type { ResponseOf } from '../../protocol/api.ts'
import { describeClientQuotas as describeClientQuotasApi } from '../../protocol/apis/describe-client-quotas.ts'
import { ApiError } from '../api-error.ts'
import {
  asEntityFields,
  hashOfEntity,
  inTableOfEntity,
  isFound,
  mustBeQuotaFilters,
} from '../configs/client-quotas.ts'
import { inJavaMapOrder } from '../java-map-order.ts'
import { isAuthorizedOnCluster } from './authorize.ts'
import { handler } from './handler.ts'

type Response = ResponseOf<typeof describeClientQuotasApi>

export const describeClientQuotas = handler(
  describeClientQuotasApi,
  ({ components, strict }, context): Response => {
    const { node } = context
    try {
      if (!isAuthorizedOnCluster(context, 'DESCRIBE_CONFIGS')) {
        throw new ApiError('CLUSTER_AUTHORIZATION_FAILED')
      }
      mustBeQuotaFilters(components)
    } catch (refusal) {
      if (!(refusal instanceof ApiError)) throw refusal
      return { errorCode: refusal.code, errorMessage: refusal.message || null, entries: null }
    }
    // Who names no type and is strict asks for what there is not
    const isNothing = strict && components.length === 0
    const found = isNothing
      ? []
      : node.controller.image().quotas.filter(({ entity }) => isFound(entity, components, strict))
    return {
      errorMessage: '',
      entries: inJavaMapOrder(found, ({ entity }) => hashOfEntity(entity)).map(({ entity, values }) => ({
        entity: asEntityFields(entity),
        values: inKafkasOrder(values),
      })),
    }
  },
)

/** What was set first comes first, where two are in one place of an entity's table. */
function inKafkasOrder(values: ReadonlyMap<string, number>) {
  return inTableOfEntity([...values], ([key]) => key).map(([key, value]) => ({ key, value }))
}
