import { DataError } from '../../../errors.ts'
import { combinedBatches, endsBeforeItBegins } from '../../../log/groups/share-batches.ts'
import { ApiError } from '../../api-error.ts'
import { defaultMessage } from '../../default-messages.ts'
import type { SharePartitionKey } from './share-partition-key.ts'
import type { ShareState } from './share-state.ts'
import type { ReadShareState, WriteShareState } from './share-state-answers.ts'

const NOT_SAID = -1

/** What is known of a share partition: the highest epochs that were heard of, and what its topic has. */
export interface KnownSharePartition {
  readonly isInitialised: boolean
  readonly leaderEpoch: number
  readonly stateEpoch: number
  /** 0 where the topic is not there. */
  readonly partitionCount: number
}

export function checkPartitionNumber({ partition }: SharePartitionKey): void {
  if (partition < 0) throw new ApiError('INVALID_REQUEST', 'The partition id cannot be a negative number.')
}

export function checkWrite(wish: WriteShareState, known: KnownSharePartition): void {
  checkPartitionNumber(wish)
  mustBeInitialised('Write', known)
  checkLeaderEpoch(wish.leaderEpoch, known)
  checkStateEpoch(wish.stateEpoch, known)
  mustExist(wish, known)
}

export function checkRead(wish: ReadShareState, known: KnownSharePartition): void {
  checkPartitionNumber(wish)
  mustBeInitialised('Read', known)
  checkLeaderEpoch(wish.leaderEpoch, known)
  mustExist(wish, known)
}

export function checkInitialise(
  wish: SharePartitionKey & { readonly stateEpoch: number },
  known: KnownSharePartition,
): void {
  checkPartitionNumber(wish)
  checkStateEpoch(wish.stateEpoch, known)
  mustExist(wish, known)
}

/** Kafka's coordinator never comes to an end with some that end before they begin, and answers nobody any more. */
export function checkBatches({ batches, startOffset }: WriteShareState, before: ShareState): void {
  if (!batches.some(endsBeforeItBegins)) return
  const from = startOffset === NOT_SAID ? before.startOffset : startOffset
  try {
    combinedBatches(before.batches, batches, from)
    combinedBatches(before.batches, combinedBatches([], batches, startOffset), from)
  } catch (cause) {
    if (!(cause instanceof DataError)) throw cause
    throw new ApiError('INVALID_REQUEST', cause.message)
  }
}

/** Of what is summed up or deleted. */
export function checkPresence(wish: SharePartitionKey, known: KnownSharePartition): void {
  checkPartitionNumber(wish)
  mustExist(wish, known)
}

function mustBeInitialised(operation: 'Read' | 'Write', { isInitialised }: KnownSharePartition): void {
  if (isInitialised) return
  throw new ApiError(
    'INVALID_REQUEST',
    `${operation} operation on uninitialized share partition not allowed.`,
  )
}

function checkLeaderEpoch(said: number, { leaderEpoch }: KnownSharePartition): void {
  if (said !== NOT_SAID && leaderEpoch > said) throw refusal('FENCED_LEADER_EPOCH')
}

function checkStateEpoch(said: number, { stateEpoch }: KnownSharePartition): void {
  if (said !== NOT_SAID && stateEpoch > said) throw refusal('FENCED_STATE_EPOCH')
}

function mustExist({ partition }: SharePartitionKey, { partitionCount }: KnownSharePartition): void {
  if (partition >= partitionCount) throw refusal('UNKNOWN_TOPIC_OR_PARTITION')
}

function refusal(
  error: 'FENCED_LEADER_EPOCH' | 'FENCED_STATE_EPOCH' | 'UNKNOWN_TOPIC_OR_PARTITION',
): ApiError {
  return new ApiError(error, defaultMessage(error) ?? '')
}
