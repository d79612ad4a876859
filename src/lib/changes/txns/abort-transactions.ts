import { DataError, KtoolError } from '../../errors.ts'
import type { Outcome } from '../../model/outcome.ts'
import { type Change, isPlanObject, type PlanValue, type Step } from '../../model/plan.ts'
import type { EndedTransaction, TransactionsChanger } from '../../model/transactions-changer.ts'
import { ABORT_PLAN, asPlan, itemOf } from '../../operations/plan-abort.ts'

/** Ends transactions where they are open, as a coordinator would if it knew of them. */
export function abortTransactionsChange(transactions: TransactionsChanger): Change {
  return {
    kind: ABORT_PLAN,
    isIrreversible: true,
    inverse: () => null,
    now: (_plan, steps) => stillOpen(transactions, steps),
    perform: (_plan, steps) => transactions.abort(steps.map(transactionOf)),
  }
}

async function stillOpen(
  { view }: TransactionsChanger,
  steps: readonly Step[],
): Promise<Outcome<PlanValue>[]> {
  const wanted = steps.map(transactionOf)
  const found = await view.openIn(wanted)
  return steps.map(({ item }, i) => {
    const open = found[i]?.outcome ?? []
    if (open instanceof KtoolError) return { item, outcome: open }
    const same = open.find((each) => itemOf(each) === item && each.producerId === wanted[i]?.producerId)
    return { item, outcome: same === undefined ? null : asPlan(same) }
  })
}

function transactionOf({ item, before }: Step): EndedTransaction {
  const [, topic, partition, firstOffset] = /^(.+):(\d{1,10}) (\d{1,19})$/.exec(item) ?? []
  if (topic === undefined || !isPlanObject(before) || !('producerId' in before)) {
    throw malformed(item)
  }
  const { producerId, producerEpoch, coordinatorEpoch } = before
  if (typeof producerEpoch !== 'number') throw malformed(item)
  return {
    topic,
    partition: Number(partition),
    firstOffset: exactly(firstOffset, item),
    producerId: exactly(producerId, item),
    producerEpoch,
    coordinatorEpoch: typeof coordinatorEpoch === 'number' ? coordinatorEpoch : null,
  }
}

function exactly(value: PlanValue | undefined, item: string): number | bigint {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value
  if (typeof value !== 'string' || !/^\d{1,19}$/.test(value)) throw malformed(item)
  return Number.isSafeInteger(Number(value)) ? Number(value) : BigInt(value)
}

function malformed(item: string): DataError {
  return new DataError('bad-plan', `the plan does not say which transaction "${item}" is`)
}
