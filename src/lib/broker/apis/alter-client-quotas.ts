import { javaHash } from '../../bytes/java-hash.ts'
import type { RequestOf, ResponseOf } from '../../protocol/api.ts'
import { alterClientQuotas as alterClientQuotasApi } from '../../protocol/apis/alter-client-quotas.ts'
import { ApiError } from '../api-error.ts'
import {
  asEntityFields,
  hashOfEntity,
  inOrderOfChanges,
  isSameEntity,
  mustBeQuota,
  mustBeQuotaEntity,
  type QuotaEntity,
} from '../configs/client-quotas.ts'
import type { QuotaChange } from '../controller/controller.ts'
import { inJavaMapOrder } from '../java-map-order.ts'
import { mustBeAuthorizedOnCluster } from './authorize.ts'
import { handler } from './handler.ts'

type Entry = RequestOf<typeof alterClientQuotasApi>['entries'][number]
type Response = ResponseOf<typeof alterClientQuotasApi>

interface Wish {
  readonly entity: QuotaEntity
  readonly changes: readonly QuotaChange[]
  refusal: ApiError | null
}

export const alterClientQuotas = handler(
  alterClientQuotasApi,
  async ({ entries, validateOnly }, context): Promise<Response> => {
    const { controller } = context.node
    try {
      mustBeAuthorizedOnCluster(context, 'ALTER_CONFIGS')
    } catch (cause) {
      if (!(cause instanceof ApiError)) throw cause
      return { entries: entries.map(({ entity }) => ({ ...errorOf(cause), entity })) }
    }
    const wishes = wishesOf(entries)
    if (!validateOnly) {
      controller.alterQuotas(wishes.flatMap(({ changes }) => changes))
      await controller.durable()
    }
    return {
      entries: inJavaMapOrder(wishes, ({ entity }) => hashOfEntity(entity)).map(({ entity, refusal }) => ({
        ...errorOf(refusal),
        entity: asEntityFields(entity),
      })),
    }
  },
)

function errorOf(refusal: ApiError | null) {
  return { errorCode: refusal?.code ?? 0, errorMessage: refusal?.message ?? null }
}

function wishesOf(entries: readonly Entry[]): Wish[] {
  const wishes: Wish[] = []
  for (const entry of entries) {
    const entity = new Map(entry.entity.map(({ entityType, entityName }) => [entityType, entityName]))
    const before = wishes.find((wish) => isSameEntity(wish.entity, entity))
    // What was said first is done all the same
    if (before === undefined) wishes.push(wishOf(entity, entry))
    else before.refusal = duplicate(entity)
  }
  return wishes
}

function wishOf(entity: QuotaEntity, { ops }: Entry): Wish {
  try {
    if (new Set(ops.map(({ key }) => key)).size < ops.length) throw duplicate(entity)
    mustBeQuotaEntity(entity)
    for (const { key, value, remove } of inMapOrder(ops)) if (!remove) mustBeQuota(entity, key, value)
    const changes = inOrderOfChanges(ops, ({ key }) => key).map(({ key, value, remove }) => {
      return { entity, key, value: remove ? null : value }
    })
    return { entity, changes, refusal: null }
  } catch (refusal) {
    if (!(refusal instanceof ApiError)) throw refusal
    return { entity, changes: [], refusal }
  }
}

/** Of several that are wrong Kafka names the one that its map of them, made as large as they are, has first. */
function inMapOrder(ops: Entry['ops']): Entry['ops'] {
  return inJavaMapOrder(ops, ({ key }) => javaHash(key), 2 ** Math.ceil(Math.log2(Math.max(1, ops.length))))
}

function duplicate(entity: QuotaEntity): ApiError {
  const said = asEntityFields(entity).map(({ entityType, entityName }) => `${entityType}=${entityName}`)
  const message = `Ignoring duplicate entity ClientQuotaEntity(entries={${said.join(', ')}})`
  return new ApiError('INVALID_REQUEST', message)
}
