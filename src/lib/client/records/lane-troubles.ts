import { ConnectionError, FailedError, type KtoolError } from '../../errors.ts'
import { TOPIC_DELETED } from '../../model/records.ts'
import { errorCodes } from '../../protocol/error-codes.ts'
import { protocolError } from '../broker-error.ts'
import type { FetchLane } from './fetch-lane.ts'

/** A topic that a broker does not know is one that it has not heard of yet, or one that is deleted. */
const TRIES_FOR_UNKNOWN = 6

function isUnknown({ details }: KtoolError): boolean {
  const { errorCode } = details
  return errorCode === errorCodes.UNKNOWN_TOPIC_OR_PARTITION || errorCode === errorCodes.UNKNOWN_TOPIC_ID
}

/** Whoever follows it is told what it means. */
export function lastWord(error: KtoolError, { range }: FetchLane): KtoolError {
  if (range.to !== null || !isUnknown(error)) return error
  return new FailedError(TOPIC_DELETED, 'it is not there any more: its topic was deleted', {
    hint: 'once it is made anew, it is followed again from its start',
    details: error.details,
    cause: error,
  })
}

/** What passes, or may: leaders move, and brokers come back. */
export function isWorthAnotherTry(error: KtoolError, tries: number): boolean {
  if (isUnknown(error)) return tries < TRIES_FOR_UNKNOWN
  const { errorCode } = error.details
  if (typeof errorCode === 'number') return protocolError(errorCode)?.retriable === true
  return error instanceof ConnectionError || patient.has(error.code)
}

const patient: ReadonlySet<string> = new Set(['no-such-broker', 'log-truncated', 'no-progress'])

export function leftOut(): ConnectionError {
  return new ConnectionError('not-answered', 'the broker left it out of its answer')
}

export function deletedMeanwhile({ position, range }: FetchLane, start: number | bigint): FailedError {
  const last = range.to !== null && range.to < start ? range.to : start
  return new FailedError(
    'records-deleted',
    `the offsets ${position} to ${BigInt(last) - 1n} were deleted before they were read`,
    { hint: `the log begins at ${start} now`, details: { from: position, to: last } },
  )
}

export function shrunk({ position, range }: FetchLane, end: number | bigint): FailedError {
  const was = range.to === null ? position : range.to
  return new FailedError(
    'log-truncated',
    `the log ends at ${end} now, and went on to ${was} before: records were lost`,
    {
      hint: 'an unclean election does that, or a topic that was deleted and made again',
      details: { from: position, end },
    },
  )
}

export function stuck({ position }: FetchLane): FailedError {
  return new FailedError('no-progress', `the broker gives nothing from offset ${position} on`, {
    details: { from: position },
  })
}
