import { FailedError } from '../../errors.ts'
import type { Outcome } from '../../model/outcome.ts'
import type { Quota } from '../../model/quotas.ts'
import type { QuotaEdit, QuotasChanger } from '../../model/quotas-changer.ts'
import { alterClientQuotas } from '../../protocol/apis/alter-client-quotas.ts'
import { brokerError } from '../broker-error.ts'
import type { Cluster } from '../cluster.ts'
import { askController } from '../routing/ask-controller.ts'

export function quotasChanger(cluster: Cluster): QuotasChanger {
  return { edit: (edits, isTrial) => edit(cluster, edits, isTrial) }
}

/** An entity stands once in a request, with all of its limits. */
async function edit(
  cluster: Cluster,
  edits: readonly QuotaEdit[],
  isTrial: boolean,
): Promise<Outcome<null>[]> {
  const byEntity = new Map<string, QuotaEdit[]>()
  for (const each of edits) {
    const key = keyOf(each.entity)
    const others = byEntity.get(key)
    if (others === undefined) byEntity.set(key, [each])
    else others.push(each)
  }
  const entries = [...byEntity.values()].map((own) => ({
    entity: Object.entries(own[0]?.entity ?? {}).map(([entityType, entityName]) => ({
      entityType,
      entityName,
    })),
    ops: own.map(({ quota, value }) => ({ key: quota, value: value ?? 0, remove: value === null })),
  }))
  const question = { entries, validateOnly: isTrial }
  const answer = await askController(cluster, alterClientQuotas, question, ({ entries: told }) =>
    told.map(({ errorCode }) => errorCode),
  )
  const told = new Map(
    answer.entries.map(({ entity, errorCode, errorMessage }) => [
      keyOf(Object.fromEntries(entity.map(({ entityType, entityName }) => [entityType, entityName]))),
      errorCode === 0 ? null : brokerError(errorCode, errorMessage),
    ]),
  )
  return edits.map(({ entity, quota }) => {
    const outcome = told.get(keyOf(entity))
    return { item: quota, outcome: outcome === undefined ? leftOut() : outcome }
  })
}

function keyOf(entity: Quota['entity']): string {
  return JSON.stringify(Object.entries(entity).sort(([a], [b]) => (a < b ? -1 : 1)))
}

function leftOut(): FailedError {
  return new FailedError('not-answered', 'the broker said nothing of this entity')
}
