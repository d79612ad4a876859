import { setTimeout as pass } from 'node:timers/promises'
import { addOffsetsToTxn } from '../../src/lib/protocol/apis/add-offsets-to-txn.ts'
import { addPartitionsToTxn } from '../../src/lib/protocol/apis/add-partitions-to-txn.ts'
import { describeTransactions } from '../../src/lib/protocol/apis/describe-transactions.ts'
import { endTxn } from '../../src/lib/protocol/apis/end-txn.ts'
import { initProducerId } from '../../src/lib/protocol/apis/init-producer-id.ts'
import { offsetFetch } from '../../src/lib/protocol/apis/offset-fetch.ts'
import { produce } from '../../src/lib/protocol/apis/produce.ts'
import { txnOffsetCommit } from '../../src/lib/protocol/apis/txn-offset-commit.ts'
import { errorCodes } from '../../src/lib/protocol/error-codes.ts'
import { BatchWriter } from '../../src/lib/records/batch-writer.ts'
import type { Connection } from './wire/connection.ts'
import { eventually } from './wire/coordinators.ts'

/** Who a request says it comes from: as some answer named it, so many answers ago, and by how much that is changed. */
export interface Who {
  readonly back: number
  readonly idShift: number
  readonly epochShift: number
}

export type Step =
  | { readonly kind: 'init'; readonly version: number; readonly who: Who | null }
  | {
      readonly kind: 'add'
      readonly version: number
      readonly who: Who
      readonly partitions: readonly number[]
      readonly verifyOnly: boolean
    }
  | { readonly kind: 'offsets'; readonly version: number; readonly who: Who }
  | { readonly kind: 'end'; readonly version: number; readonly who: Who; readonly committed: boolean }
  | { readonly kind: 'produce'; readonly version: number; readonly who: Who; readonly partition: number }
  | { readonly kind: 'commit'; readonly version: number; readonly who: Who }
  | { readonly kind: 'wait'; readonly durationMs: number }

interface Identity {
  readonly producerId: bigint
  readonly producerEpoch: number
}

/** A broker hears of a topic a moment after it was made. */
const notYet = new Set([errorCodes.NOT_LEADER_OR_FOLLOWER, errorCodes.UNKNOWN_TOPIC_OR_PARTITION] as number[])

/** Goes through the steps on one broker, and tells what it answered, in terms that are the same on any. */
export class TransactionStory {
  readonly #connection: Connection
  readonly #topic: string
  readonly #id: string
  readonly #timeoutMs: number
  readonly #identities: Identity[] = []
  readonly #producerIds: bigint[] = []
  readonly #sequences = new Map<string, number>()
  #offset = 0

  constructor(connection: Connection, topic: string, transactionalId: string, timeoutMs = 60_000) {
    this.#connection = connection
    this.#topic = topic
    this.#id = transactionalId
    this.#timeoutMs = timeoutMs
  }

  async tell(steps: readonly Step[]): Promise<unknown[]> {
    const told: unknown[] = []
    for (const step of steps) told.push([step.kind, await this.#take(step), await this.#state()])
    return told
  }

  #take(step: Step): Promise<unknown> {
    switch (step.kind) {
      case 'init':
        return this.#init(step)
      case 'add':
        return this.#add(step)
      case 'offsets':
        return this.#addOffsets(step)
      case 'end':
        return this.#end(step)
      case 'produce':
        return this.#produce(step)
      case 'commit':
        return this.#commit(step)
      case 'wait':
        return pass(step.durationMs)
    }
  }

  async #init({ version, who }: Step & { kind: 'init' }): Promise<unknown> {
    const expected = who === null || version < 3 ? {} : this.#named(who)
    const request = { transactionalId: this.#id, transactionTimeoutMs: this.#timeoutMs, ...expected }
    const answer = await eventually(async () => {
      const found = await this.#connection.ask(initProducerId, version, request)
      if (found.errorCode === errorCodes.COORDINATOR_LOAD_IN_PROGRESS) throw new Error('it is loading')
      return found
    })
    return this.#learnt(answer)
  }

  async #add({ version, who, partitions, verifyOnly }: Step & { kind: 'add' }): Promise<unknown> {
    const { producerId, producerEpoch } = this.#named(who)
    const topics = [{ name: this.#topic, partitions: [...partitions] }]
    const transaction = { transactionalId: this.#id, producerId, producerEpoch, verifyOnly, topics }
    const single = {
      v3AndBelowTransactionalId: this.#id,
      v3AndBelowProducerId: producerId,
      v3AndBelowProducerEpoch: producerEpoch,
      v3AndBelowTopics: topics,
    }
    const request = version < 4 ? single : { transactions: [transaction] }
    const answer = await this.#connection.ask(addPartitionsToTxn, version, request)
    const results = answer.resultsByTransaction[0]?.topicResults ?? answer.resultsByTopicV3AndBelow
    return results
      .flatMap(({ resultsByPartition }) => resultsByPartition)
      .map(({ partitionIndex, partitionErrorCode }) => `${partitionIndex}: ${partitionErrorCode}`)
      .sort()
  }

  async #addOffsets({ version, who }: Step & { kind: 'offsets' }): Promise<unknown> {
    const request = { transactionalId: this.#id, ...this.#named(who), groupId: this.#id }
    const { errorCode } = await this.#connection.ask(addOffsetsToTxn, version, request)
    return errorCode
  }

  async #end({ version, who, committed }: Step & { kind: 'end' }): Promise<unknown> {
    const request = { transactionalId: this.#id, ...this.#named(who), committed }
    const answer = await this.#connection.ask(endTxn, version, request)
    return version < 5 ? answer.errorCode : this.#learnt(answer)
  }

  async #produce({ version, who, partition }: Step & { kind: 'produce' }): Promise<unknown> {
    const { producerId, producerEpoch } = this.#named(who)
    const place = `${producerId} ${producerEpoch} ${partition}`
    const baseSequence = this.#sequences.get(place) ?? 0
    const fields = { producerId: Number(producerId), producerEpoch, baseSequence, isTransactional: true }
    const writer = new BatchWriter(fields)
    writer.append({ timestamp: 1_700_000_000_000, key: null, value: Buffer.from('value') })
    const records = writer.finish()
    const { errorCode, baseOffset, errorMessage } = await eventually(async () => {
      const { responses } = await this.#connection.ask(produce, version, {
        transactionalId: this.#id,
        acks: -1,
        timeoutMs: 10_000,
        topicData: [{ name: this.#topic, partitionData: [{ index: partition, records }] }],
      })
      const answer = responses[0]?.partitionResponses[0]
      if (answer === undefined || notYet.has(answer.errorCode)) throw new Error('the topic is too new')
      return answer
    })
    if (errorCode === 0) this.#sequences.set(place, baseSequence + 1)
    return { errorCode, errorMessage, baseOffset }
  }

  async #commit({ version, who }: Step & { kind: 'commit' }): Promise<unknown> {
    const { topics } = await this.#connection.ask(txnOffsetCommit, version, {
      ...{
        transactionalId: this.#id,
        groupId: this.#id,
        generationId: -1,
        memberId: '',
        ...this.#named(who),
      },
      topics: [
        {
          name: this.#topic,
          partitions: [{ partitionIndex: 0, committedOffset: BigInt(++this.#offset), committedMetadata: '' }],
        },
      ],
    })
    return topics[0]?.partitions[0]?.errorCode
  }

  /** Once no marker is under way: where the transaction stands, and what its group sees. */
  async #state(): Promise<unknown> {
    const state = await eventually(async () => {
      const answer = await this.#connection.ask(describeTransactions, 0, { transactionalIds: [this.#id] })
      const [found] = answer.transactionStates
      if (found?.transactionState.startsWith('Prepare')) throw new Error('markers are under way')
      const topics = found?.topics.flatMap(({ topic, partitions }) =>
        partitions.map((partition) => (topic === this.#topic ? partition : -1)),
      )
      return [found?.errorCode, found?.transactionState, found?.producerEpoch, topics?.sort()]
    })
    const groups = [{ groupId: this.#id, topics: [{ name: this.#topic, partitionIndexes: [0] }] }]
    const fetched = await this.#connection.ask(offsetFetch, 8, { groups, requireStable: true })
    const partition = fetched.groups[0]?.topics[0]?.partitions[0]
    return [...state, partition?.errorCode, Number(partition?.committedOffset)]
  }

  #learnt(answer: Identity & { readonly errorCode: number }): unknown {
    const { errorCode, producerId, producerEpoch } = answer
    if (errorCode !== 0) return [errorCode, Number(producerId), producerEpoch]
    this.#identities.push({ producerId, producerEpoch })
    if (!this.#producerIds.includes(producerId)) this.#producerIds.push(producerId)
    return [errorCode, `id ${this.#producerIds.indexOf(producerId)}`, producerEpoch]
  }

  #named({ back, idShift, epochShift }: Who): Identity {
    const last = Math.max(0, this.#identities.length - 1 - back)
    const { producerId, producerEpoch } = this.#identities[last] ?? { producerId: 7n, producerEpoch: 0 }
    return {
      producerId: producerId + BigInt(idShift),
      producerEpoch: Math.max(0, producerEpoch + epochShift),
    }
  }
}
