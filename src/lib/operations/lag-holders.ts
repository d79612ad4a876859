import { KtoolError } from '../errors.ts'
import { isKnown } from '../model/figure.ts'
import { foundIn } from '../model/outcome.ts'
import { partitionName } from '../model/partitions.ts'
import type { OpenTransaction, Transaction, TransactionsView } from '../model/transactions.ts'
import type { Isolation, LagRow } from './lag-rows.ts'
import { ofProducers } from './open-transactions.ts'

/**
 * Readers of committed records get no further than the first open transaction lets them: whose it is, is said in the
 * reason of each partition that it holds back.
 */
export async function withHolders(
  rows: readonly LagRow[],
  view: TransactionsView | undefined,
  isolation: Isolation,
): Promise<readonly LagRow[]> {
  const held = isolation === 'committed' ? rows.filter(isHeld) : []
  if (held.length === 0 || view === undefined) return rows
  const partitions = new Map(
    held.map(({ topic, partition }) => [partitionName({ topic, partition }), { topic, partition }]),
  )
  const open = (await view.openIn([...partitions.values()])).flatMap(({ outcome }) =>
    outcome instanceof KtoolError
      ? []
      : outcome.filter(({ firstOffset, lastStable }) => firstOffset === lastStable),
  )
  const known = await ofProducers(view, open)
  const transactions = foundIn(known)
  const holders = new Map(open.map((each) => [partitionName(each), holderOf(each, transactions)]))
  const heldRows = new Set(held)
  return rows.map((row) => {
    const holder = heldRows.has(row) ? holders.get(partitionName(row)) : undefined
    return holder === undefined
      ? row
      : { ...row, reason: row.reason === null ? holder : `${row.reason}; ${holder}` }
  })
}

function isHeld({ highWatermark, lastStable }: LagRow): boolean {
  return isKnown(highWatermark) && isKnown(lastStable) && lastStable.value < highWatermark.value
}

function holderOf(open: OpenTransaction, transactions: readonly Transaction[]): string {
  const { producerId, firstOffset } = open
  const owner = transactions.find((each) => each.producerId === producerId)
  const whose = owner === undefined ? `of producer ${producerId}` : `of "${owner.transactionalId}"`
  return `the transaction ${whose} holds the last stable offset at ${firstOffset}`
}
