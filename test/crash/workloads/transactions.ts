import { addOffsetsToTxn } from '../../../src/lib/protocol/apis/add-offsets-to-txn.ts'
import { addPartitionsToTxn } from '../../../src/lib/protocol/apis/add-partitions-to-txn.ts'
import { endTxn } from '../../../src/lib/protocol/apis/end-txn.ts'
import { offsetFetch } from '../../../src/lib/protocol/apis/offset-fetch.ts'
import { txnOffsetCommit } from '../../../src/lib/protocol/apis/txn-offset-commit.ts'
import type { Connection } from '../../conformance/wire/connection.ts'
import { readTopic } from '../read-topic.ts'
import {
  coordinatorIsThere,
  createTopic,
  mustBeFine,
  newProducer,
  type ProducerIdentity,
  send,
  untilFine,
} from '../requests.ts'
import type { Workload } from '../workload.ts'

const TOPIC = 'transactional'
const ID = 'crash-tx'
const GROUP = 'crash-tx-group'

type Outcome = 'committed' | 'aborted' | 'unknown'

/** Two partitions and a committed offset in each transaction: all of them, or none. */
export function transactions(): Workload {
  const outcomes: Outcome[] = []
  let producer: ProducerIdentity | undefined
  const sequences = [0, 0]
  return {
    name: 'transactions',
    async prepare(connection) {
      await createTopic(connection, TOPIC, 2)
      await coordinatorIsThere(connection, ID, 1)
      await coordinatorIsThere(connection, GROUP, 0)
    },
    async step(connection, ack) {
      if (producer === undefined) {
        producer = await newProducer(connection, ID)
        sequences.fill(0)
      }
      const number = outcomes.push('unknown') - 1
      const isCommit = number % 3 !== 2
      try {
        await run(connection, producer, sequences, number, isCommit)
      } catch (cause) {
        // Whoever comes back begins anew: the broker ends what this one has left open.
        producer = undefined
        throw cause
      }
      outcomes[number] = isCommit ? 'committed' : 'aborted'
      ack()
    },
    async check(connection) {
      // As the application would; this ends what is open.
      producer = await newProducer(connection, ID)
      sequences.fill(0)
      await checkOutcomes(connection, outcomes)
    },
  }
}

async function run(
  connection: Connection,
  producer: ProducerIdentity,
  sequences: number[],
  number: number,
  isCommit: boolean,
): Promise<void> {
  const fields = { ...producer, transactionalId: ID }
  await announce(connection, producer)
  for (const partition of [0, 1]) {
    const baseSequence = sequences[partition] ?? 0
    const { errorCode } = await send(connection, TOPIC, partition, [`tx-${number}`], {
      ...fields,
      baseSequence,
    })
    mustBeFine('Produce', errorCode)
    sequences[partition] = baseSequence + 1
  }
  const partitions = [{ partitionIndex: 0, committedOffset: BigInt(number) }]
  const committed = await connection.ask(txnOffsetCommit, 3, {
    ...fields,
    groupId: GROUP,
    topics: [{ name: TOPIC, partitions }],
  })
  mustBeFine('TxnOffsetCommit', committed.topics[0]?.partitions[0]?.errorCode)
  await untilFine(async () => (await connection.ask(endTxn, 3, { ...fields, committed: isCommit })).errorCode)
}

async function announce(connection: Connection, producer: ProducerIdentity): Promise<void> {
  await untilFine(async () => {
    const answer = await connection.ask(addPartitionsToTxn, 3, {
      v3AndBelowTransactionalId: ID,
      v3AndBelowProducerId: producer.producerId,
      v3AndBelowProducerEpoch: producer.producerEpoch,
      v3AndBelowTopics: [{ name: TOPIC, partitions: [0, 1] }],
    })
    const parts = answer.resultsByTopicV3AndBelow[0]?.resultsByPartition ?? []
    return parts.find(({ partitionErrorCode }) => partitionErrorCode !== 0)?.partitionErrorCode ?? 0
  })
  await untilFine(async () => {
    const answer = await connection.ask(addOffsetsToTxn, 3, {
      ...producer,
      transactionalId: ID,
      groupId: GROUP,
    })
    return answer.errorCode
  })
}

async function checkOutcomes(connection: Connection, outcomes: readonly Outcome[]): Promise<void> {
  const sides = [await readTopic(connection, TOPIC, 0, 1), await readTopic(connection, TOPIC, 1, 1)]
  const counts = sides.map(({ records }) => {
    const count = new Map<string, number>()
    for (const { value } of records) count.set(value, (count.get(value) ?? 0) + 1)
    return count
  })
  for (const { highWatermark, lastStableOffset } of sides) {
    if (lastStableOffset !== highWatermark) throw new Error('a transaction is open that nobody will end')
  }
  let last = -1
  for (const [number, outcome] of outcomes.entries()) {
    const [one = 0, other = 0] = counts.map((count) => count.get(`tx-${number}`) ?? 0)
    if (one !== other || one > 1) throw new Error(`transaction ${number} is torn: ${one} and ${other}`)
    if (outcome === 'committed' && one === 0) throw new Error(`the committed transaction ${number} is lost`)
    if (outcome === 'aborted' && one === 1) throw new Error(`the aborted transaction ${number} is read`)
    if (one === 1) last = number
  }
  const offset = await committedOffset(connection)
  if (offset !== last)
    throw new Error(`transaction ${last} was the last to commit, the group's offset is ${offset}`)
}

async function committedOffset(connection: Connection): Promise<number> {
  const topics = [{ name: TOPIC, partitionIndexes: [0] }]
  const answer = await connection.ask(offsetFetch, 7, { groupId: GROUP, topics, requireStable: true })
  const part = answer.topics[0]?.partitions[0]
  mustBeFine('OffsetFetch', part?.errorCode)
  return Number(part?.committedOffset)
}
