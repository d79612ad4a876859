import { BrokerError, ConnectionError, KtoolError } from '../../errors.ts'
import { metadata } from '../../protocol/apis/metadata.ts'
import { produce } from '../../protocol/apis/produce.ts'
import type { Cluster } from '../cluster.ts'
import type { Connection } from '../connection/connection.ts'
import type { PartitionLane } from './partition-lane.ts'
import type { PendingBatch } from './pending-batch.ts'
import type { ProduceSettings } from './produce-settings.ts'
import type { Transaction } from './transaction.ts'
import { type PartitionAnswer, type Verdict, verdictOf } from './verdict.ts'

/** Version 13 names topics by id, and 12 adds partitions to transactions by itself (KIP-890). */
const BY_NAME = { min: 3, max: 12 }
const IN_TRANSACTION = { min: 3, max: 11 }
const ADDING_TO_TRANSACTION = { min: 12, max: 12 }
/** Brokers learnt zstd with this version. */
const ZSTD = 7
const LONGEST_ANSWER_MS = 30_000
const SHORTEST_ANSWER_MS = 1000

export interface Judged {
  readonly verdict: Verdict
  readonly offset: bigint | null
  readonly stampMs: bigint | null
}

export interface Outcome {
  readonly throttleMs: number
  of(partition: number): Judged
}

interface Way {
  readonly cluster: Cluster
  readonly settings: ProduceSettings
  readonly transaction: Transaction | null
}

type Batches = ReadonlyMap<number, PendingBatch>

/** One request with one batch for each of some partitions of a leader, and what became of them. */
export async function sendBatches(leader: number, batches: Batches, way: Way): Promise<Outcome> {
  const { cluster, transaction, settings } = way
  cluster.deadline.renew()
  let hasLeft = false
  try {
    await transaction?.add(settings.topic, [...batches.keys()])
    const connection = await cluster.broker(leader)
    hasLeft = true
    return settings.acks === 0 ? await tell(connection, batches, way) : await ask(connection, batches, way)
  } catch (error) {
    if (!(error instanceof KtoolError)) throw error
    if (hasLeft && error instanceof ConnectionError)
      for (const batch of batches.values()) batch.isInDoubt = true
    const verdict = ofFailure(error)
    return { throttleMs: 0, of: () => ({ verdict, offset: null, stampMs: null }) }
  }
}

async function ask(connection: Connection, batches: Batches, way: Way): Promise<Outcome> {
  const patienceMs = patienceOf(way.settings)
  const question = questionOf(batches, way, patienceMs)
  // The leader gives up on its followers before we give up on the leader.
  const answer = await connection.ask(produce, question, patienceMs + SHORTEST_ANSWER_MS, limitsOf(way))
  const told = new Map(
    answer.responses
      .filter(({ name }) => name === way.settings.topic)
      .flatMap(({ partitionResponses }) => partitionResponses.map((each) => [each.index, each] as const)),
  )
  return {
    throttleMs: answer.throttleTimeMs,
    of: (partition) => judged(told.get(partition), batches.get(partition)),
  }
}

function judged(answer: PartitionAnswer | undefined, batch: PendingBatch | undefined): Judged {
  if (answer === undefined || batch === undefined) {
    const error = new ConnectionError('not-answered', 'the broker left the partition out of its answer')
    return { verdict: { kind: 'again', error }, offset: null, stampMs: null }
  }
  const verdict = verdictOf(answer, batch)
  return { verdict, offset: answer.baseOffset, stampMs: answer.logAppendTimeMs }
}

/** Nobody answers such a request. A question behind it is answered after it: that is how we know not to run ahead. */
async function tell(connection: Connection, batches: Batches, way: Way): Promise<Outcome> {
  const version = connection.versions.of(produce, limitsOf(way))
  const patienceMs = patienceOf(way.settings)
  await connection.tell(produce, version, questionOf(batches, way, patienceMs), patienceMs)
  await connection.ask(metadata, { topics: [], allowAutoTopicCreation: false }, patienceMs)
  return { throttleMs: 0, of: () => ({ verdict: { kind: 'written' }, offset: null, stampMs: null }) }
}

function questionOf(batches: Batches, { settings, transaction }: Way, timeoutMs: number) {
  return {
    transactionalId: transaction === null ? null : (settings.transaction?.id ?? null),
    acks: settings.acks,
    timeoutMs,
    topicData: [
      {
        name: settings.topic,
        partitionData: [...batches].map(([index, batch]) => ({ index, records: batch.seal(null, -1) })),
      },
    ],
  }
}

function limitsOf({ settings, transaction }: Way) {
  if (transaction?.writingAdds) return ADDING_TO_TRANSACTION
  const limits = transaction === null ? BY_NAME : IN_TRANSACTION
  return settings.packing.codec === 'zstd' ? { ...limits, min: ZSTD } : limits
}

function patienceOf({ deliveryMs }: ProduceSettings): number {
  return Math.round(Math.max(SHORTEST_ANSWER_MS, Math.min(deliveryMs / 2, LONGEST_ANSWER_MS)))
}

/** Brokers come back, and others take their place; what one refused it will refuse again. */
function ofFailure(error: KtoolError): Verdict {
  const isPassing = error instanceof ConnectionError || error.code === 'no-such-broker'
  return isPassing ? { kind: 'again', error } : { kind: 'lost', error, isFatal: true }
}

export function leaderless(topic: string, { partition }: Pick<PartitionLane, 'partition'>): BrokerError {
  return new BrokerError('leader-not-available', `${topic}:${partition} has no leader`, {
    hint: 'start a broker that has a replica of it; the others went on',
    details: { topic, partition },
  })
}
