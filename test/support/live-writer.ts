import { Cluster } from '../../src/lib/client/cluster.ts'
import type { Connection } from '../../src/lib/client/connection/connection.ts'
import { askCoordinators } from '../../src/lib/client/routing/by-coordinator.ts'
import { askLeaders } from '../../src/lib/client/routing/by-leader.ts'
import { type Coordinated, coordinated } from '../../src/lib/client/routing/coordinated.ts'
import { Refusal } from '../../src/lib/client/routing/refusal.ts'
import { KtoolError } from '../../src/lib/errors.ts'
import type { TopicPartition } from '../../src/lib/model/groups.ts'
import { systemNetwork } from '../../src/lib/network/sockets.ts'
import { systemClock } from '../../src/lib/ports/clock.ts'
import { systemEventLoop } from '../../src/lib/ports/event-loop.ts'
import { addOffsetsToTxn } from '../../src/lib/protocol/apis/add-offsets-to-txn.ts'
import { addPartitionsToTxn } from '../../src/lib/protocol/apis/add-partitions-to-txn.ts'
import { createTopics } from '../../src/lib/protocol/apis/create-topics.ts'
import { deleteRecords } from '../../src/lib/protocol/apis/delete-records.ts'
import { deleteTopics } from '../../src/lib/protocol/apis/delete-topics.ts'
import { endTxn } from '../../src/lib/protocol/apis/end-txn.ts'
import { initProducerId } from '../../src/lib/protocol/apis/init-producer-id.ts'
import { offsetCommit } from '../../src/lib/protocol/apis/offset-commit.ts'
import { produce } from '../../src/lib/protocol/apis/produce.ts'
import { txnOffsetCommit } from '../../src/lib/protocol/apis/txn-offset-commit.ts'
import { BatchWriter } from '../../src/lib/records/batch-writer.ts'

/** A live cluster at an address, for tests that ask it themselves. */
export function clusterAt(bootstrap: string, timeoutMs = 10_000): Cluster {
  const [host = '', port = ''] = bootstrap.split(':')
  const clock = systemClock(() => process.hrtime())
  const settings = {
    bootstrap: [{ host, port: Number(port) }],
    clientId: 'test',
    tls: null,
    sasl: null,
    timeoutMs,
    context: null,
  }
  const network = systemNetwork(systemEventLoop())
  return new Cluster(settings, { network, clock, software: { name: 'ktool-test', version: '1' } })
}

export interface Producer {
  readonly transactionalId: string
  readonly producerId: bigint
  readonly producerEpoch: number
}

interface Write {
  readonly count?: number
  /** Of the first record; each one is a millisecond later. */
  readonly timestampMs?: number
  readonly sizeBytes?: number
  readonly sequence?: number
  readonly producer?: Producer
}

/** Puts into a cluster what a test wants to find in it, from outside any group. */
export class LiveWriter implements AsyncDisposable {
  readonly cluster: Cluster

  constructor(bootstrap: string) {
    this.cluster = clusterAt(bootstrap)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.cluster.close()
  }

  async topic(name: string, partitions = 1, configs: Readonly<Record<string, string>> = {}): Promise<void> {
    wasDone('CreateTopics', await this.#create(name, partitions, configs))
  }

  /** One that was deleted may take a moment to go. */
  async topicOnceGone(name: string): Promise<void> {
    for (;;) {
      const errorCode = await this.#create(name, 1, {})
      if (errorCode !== TOPIC_ALREADY_EXISTS) return wasDone('CreateTopics', errorCode)
    }
  }

  async #create(
    name: string,
    partitions: number,
    configs: Readonly<Record<string, string>>,
  ): Promise<number | undefined> {
    const topic = {
      name,
      numPartitions: partitions,
      replicationFactor: 1,
      assignments: [],
      configs: Object.entries(configs).map(([name, value]) => ({ name, value })),
    }
    const { topics } = await this.cluster.ask(createTopics, { topics: [topic], timeoutMs: 10_000 })
    return topics[0]?.errorCode
  }

  async write(topic: string, partition: number, wish: Write = {}): Promise<void> {
    const { count = 1, timestampMs = 1000, sizeBytes = 10, producer, sequence = 0 } = wish
    const fields = producer && {
      producerId: Number(producer.producerId),
      producerEpoch: producer.producerEpoch,
      baseSequence: sequence,
      isTransactional: true,
    }
    const batch = new BatchWriter(fields)
    for (let i = 0; i < count; i++) {
      batch.append({
        timestamp: timestampMs + i,
        key: Buffer.from(`k${i}`),
        value: Buffer.alloc(sizeBytes, i),
      })
    }
    const question = {
      transactionalId: producer?.transactionalId ?? null,
      acks: -1,
      timeoutMs: 10_000,
      topicData: [{ name: topic, partitionData: [{ index: partition, records: batch.finish() }] }],
    }
    // Of a topic that was just made the leader is known a moment later.
    const told = await askLeaders<TopicPartition, true>(
      this.cluster,
      [{ topic, partition }],
      async (connection) => {
        const { responses } = await this.cluster.askOf(connection, produce, question, { max: 12 })
        const errorCode = responses[0]?.partitionResponses[0]?.errorCode ?? 0
        return new Map([[`${topic}:${partition}`, errorCode === 0 ? true : new Refusal(errorCode)]])
      },
    )
    for (const answer of told.values()) if (answer instanceof KtoolError) throw answer
  }

  /** Records before the offset go. */
  async trim(topic: string, partition: number, offset: number): Promise<void> {
    const question = {
      topics: [{ name: topic, partitions: [{ partitionIndex: partition, offset: BigInt(offset) }] }],
      timeoutMs: 10_000,
    }
    const { topics } = await this.cluster.ask(deleteRecords, question)
    wasDone('DeleteRecords', topics[0]?.partitions[0]?.errorCode)
  }

  async remove(topic: string): Promise<void> {
    const { responses } = await this.cluster.ask(
      deleteTopics,
      { topicNames: [topic], timeoutMs: 10_000 },
      { max: 5 },
    )
    wasDone('DeleteTopics', responses[0]?.errorCode)
  }

  async commit(group: string, topic: string, offsets: Readonly<Record<number, number>>): Promise<void> {
    const partitions = Object.entries(offsets).map(([partition, offset]) => ({
      partitionIndex: Number(partition),
      committedOffset: BigInt(offset),
      committedMetadata: 'by hand',
    }))
    const question = { groupId: group, topics: [{ name: topic, partitions }] }
    const answer = await this.#coordinator(
      coordinated.group,
      group,
      (connection) => this.cluster.askOf(connection, offsetCommit, question, { max: 9 }),
      ({ topics }) => topics[0]?.partitions[0]?.errorCode ?? 0,
    )
    for (const { errorCode } of answer.topics[0]?.partitions ?? []) wasDone('OffsetCommit', errorCode)
  }

  async producer(transactionalId: string, timeoutMs = 60_000): Promise<Producer> {
    const question = { transactionalId, transactionTimeoutMs: timeoutMs }
    const answer = await this.#coordinator(
      coordinated.transaction,
      transactionalId,
      (connection) => this.cluster.askOf(connection, initProducerId, question),
      ({ errorCode }) => errorCode,
    )
    wasDone('InitProducerId', answer.errorCode)
    return { transactionalId, producerId: answer.producerId, producerEpoch: answer.producerEpoch }
  }

  async begin(producer: Producer, topic: string, partitions: readonly number[]): Promise<void> {
    const question = {
      v3AndBelowTransactionalId: producer.transactionalId,
      v3AndBelowProducerId: producer.producerId,
      v3AndBelowProducerEpoch: producer.producerEpoch,
      v3AndBelowTopics: [{ name: topic, partitions: [...partitions] }],
    }
    const answer = await this.cluster.ask(addPartitionsToTxn, question, { max: 3 })
    wasDone(
      'AddPartitionsToTxn',
      answer.resultsByTopicV3AndBelow[0]?.resultsByPartition[0]?.partitionErrorCode,
    )
  }

  /** A commit that holds once its transaction is committed. */
  async commitWithin(producer: Producer, group: string, topic: string, offset: number): Promise<void> {
    const { transactionalId, producerId, producerEpoch } = producer
    const whose = { transactionalId, producerId, producerEpoch, groupId: group }
    const added = await this.cluster.ask(addOffsetsToTxn, whose)
    wasDone('AddOffsetsToTxn', added.errorCode)
    const partitions = [{ partitionIndex: 0, committedOffset: BigInt(offset), committedMetadata: null }]
    const question = { ...whose, topics: [{ name: topic, partitions }] }
    const { topics } = await this.cluster.ask(txnOffsetCommit, question, { max: 3 })
    wasDone('TxnOffsetCommit', topics[0]?.partitions[0]?.errorCode)
  }

  async end(producer: Producer, committed: boolean): Promise<void> {
    const { transactionalId, producerId, producerEpoch } = producer
    const { errorCode } = await this.cluster.ask(
      endTxn,
      { transactionalId, producerId, producerEpoch, committed },
      { max: 4 },
    )
    wasDone('EndTxn', errorCode)
  }

  /** Asked for the first time it is made, and takes a while to be there. */
  async #coordinator<A>(
    kind: Coordinated,
    key: string,
    ask: (connection: Connection) => Promise<A>,
    errorOf: (answer: A) => number,
  ): Promise<A> {
    const answers = await askCoordinators<A>(this.cluster, kind, [key], async (connection) => {
      const answer = await ask(connection)
      return new Map([[key, isSoonThere(errorOf(answer)) ? new Refusal(NOT_COORDINATOR) : answer]])
    })
    const answer = answers.get(key)
    if (answer === undefined || answer instanceof KtoolError) throw answer ?? new Error('no answer')
    return answer
  }
}

/** Of a topic that was just made, the coordinator has not heard yet. */
const UNKNOWN_TOPIC_OR_PARTITION = 3
const TOPIC_ALREADY_EXISTS = 36
const COORDINATOR_LOAD_IN_PROGRESS = 14
const COORDINATOR_NOT_AVAILABLE = 15
const NOT_COORDINATOR = 16

const soonThere: ReadonlySet<number> = new Set([
  UNKNOWN_TOPIC_OR_PARTITION,
  COORDINATOR_LOAD_IN_PROGRESS,
  COORDINATOR_NOT_AVAILABLE,
  NOT_COORDINATOR,
])

function isSoonThere(errorCode: number): boolean {
  return soonThere.has(errorCode)
}

function wasDone(what: string, errorCode: number | undefined): void {
  if (errorCode !== 0) throw new Error(`${what} was answered with error ${errorCode}`)
}
