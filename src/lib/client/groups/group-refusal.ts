import { BrokerError, type KtoolError } from '../../errors.ts'
import { errorCodes } from '../../protocol/error-codes.ts'
import { brokerError } from '../broker-error.ts'

/** The group was empty when somebody looked, and is not any more. */
const someoneCame: ReadonlySet<number> = new Set([
  errorCodes.UNKNOWN_MEMBER_ID,
  errorCodes.ILLEGAL_GENERATION,
  errorCodes.STALE_MEMBER_EPOCH,
  errorCodes.REBALANCE_IN_PROGRESS,
  errorCodes.NON_EMPTY_GROUP,
])

/** What a coordinator says to somebody who changes a group from outside; null where it did as it was asked. */
export function groupRefusal(errorCode: number, group: string, words?: string | null): KtoolError | null {
  if (errorCode === errorCodes.NONE) return null
  const error = brokerError(errorCode, words)
  if (errorCode === errorCodes.GROUP_SUBSCRIBED_TO_TOPIC) {
    return new BrokerError(error.code, `members of the group "${group}" read the topic`, {
      hint: 'stop them first: ktool groups describe --members names them',
      details: error.details,
    })
  }
  if (!someoneCame.has(errorCode)) return error
  return new BrokerError('group-not-empty', `the group "${group}" has members: ${error.message}`, {
    hint: 'stop them first: ktool groups describe --members names them',
    details: error.details,
  })
}
