import { DataError } from '../../errors.ts'
import { type TransactionState, transactionStates } from '../../model/transactions.ts'
import type { RequestOf, ResponseOf } from '../../protocol/api.ts'
import { listTransactions as listTransactionsApi } from '../../protocol/apis/list-transactions.ts'
import { errorCodes } from '../../protocol/error-codes.ts'
import { LinearPattern } from '../../values/linear-pattern.ts'
import type { Transaction } from '../coordinators/transaction/transaction.ts'
import type { Node } from '../node.ts'
import { isAuthorized } from './authorize.ts'
import { handler } from './handler.ts'

type Request = RequestOf<typeof listTransactionsApi>
type Response = ResponseOf<typeof listTransactionsApi>

export const listTransactions = handler(listTransactionsApi, (request, context): Response => {
  const { node } = context
  const pattern = patternOf(request)
  if (pattern === undefined) return { errorCode: errorCodes.INVALID_REGULAR_EXPRESSION }
  const isWanted = filterOf(request, pattern, node)
  return {
    unknownStateFilters: [...new Set(request.stateFilters)].filter((name) => !isState(name)),
    transactionStates: node.transactions
      .all()
      .filter(isWanted)
      .filter(({ transactionalId }) =>
        isAuthorized(context, 'DESCRIBE', 'TRANSACTIONAL_ID', transactionalId, true),
      )
      .map(({ transactionalId, producerId, state }) => ({
        transactionalId,
        producerId: BigInt(producerId),
        transactionState: state,
      })),
  }
})

function isState(name: string): name is TransactionState {
  return name !== 'Unknown' && (transactionStates as readonly string[]).includes(name)
}

function filterOf(
  request: Request,
  pattern: LinearPattern | null,
  { ports }: Node,
): (of: Transaction) => boolean {
  const { stateFilters, durationFilter } = request
  const producerIds = new Set(request.producerIdFilters.map(Number))
  const longerThanMs = Number(durationFilter)
  const nowMs = ports.clock.nowMs()
  return ({ transactionalId, producerId, state, startMs }) =>
    (producerIds.size === 0 || producerIds.has(producerId)) &&
    (stateFilters.length === 0 || stateFilters.includes(state)) &&
    (longerThanMs < 0 || nowMs - startMs > longerThanMs) &&
    (pattern === null || pattern.matches(transactionalId))
}

function patternOf({ transactionalIdPattern }: Request): LinearPattern | null | undefined {
  if (transactionalIdPattern === null || transactionalIdPattern === '') return null
  try {
    return new LinearPattern(transactionalIdPattern)
  } catch (cause) {
    if (cause instanceof DataError) return undefined
    throw cause
  }
}
