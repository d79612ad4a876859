import { alterShareGroupOffsets } from '../../../../src/lib/protocol/apis/alter-share-group-offsets.ts'
import { findCoordinator } from '../../../../src/lib/protocol/apis/find-coordinator.ts'
import { incrementalAlterConfigs } from '../../../../src/lib/protocol/apis/incremental-alter-configs.ts'
import { produce } from '../../../../src/lib/protocol/apis/produce.ts'
import { readShareGroupState } from '../../../../src/lib/protocol/apis/read-share-group-state.ts'
import { shareAcknowledge } from '../../../../src/lib/protocol/apis/share-acknowledge.ts'
import { shareFetch } from '../../../../src/lib/protocol/apis/share-fetch.ts'
import { shareGroupHeartbeat } from '../../../../src/lib/protocol/apis/share-group-heartbeat.ts'
import type { BatchWriterFields } from '../../../../src/lib/records/batch-writer.ts'
import { NodeRig, type NodeWish } from './node-rig.ts'
import { sentBatch } from './record-batches.ts'

const GROUP = 32
const SET = 0

interface FetchWish {
  readonly maxWaitMs?: number
  readonly maxRecords?: number
  readonly batchSize?: number
  readonly shareAcquireMode?: number
}

/** Members of the share group g, which fetch from orders-0. */
export class ShareRig {
  readonly node: NodeRig
  readonly #epochs = new Map<string, number>()

  private constructor(node: NodeRig) {
    this.node = node
  }

  static async open(wish: NodeWish = {}): Promise<ShareRig> {
    const settings = { 'share.coordinator.state.topic.num.partitions': '3', ...wish.settings }
    const rig = new ShareRig(await NodeRig.open({ ...wish, settings }))
    await rig.node.ask(findCoordinator, 4, { keyType: 0, coordinatorKeys: ['g'] })
    return rig
  }

  get topicId(): string {
    return this.node.partition().topicId
  }

  async send(count: number, fields: BatchWriterFields = {}): Promise<void> {
    const timestamp = this.node.clock.nowMs()
    const records = sentBatch(
      Array.from({ length: count }, () => ({ timestamp })),
      fields,
    )
    const answer = await this.node.ask(produce, 12, {
      ...{ acks: -1, timeoutMs: 1000 },
      topicData: [{ name: 'orders', partitionData: [{ index: 0, records }] }],
    })
    const error = answer.responses[0]?.partitionResponses[0]?.errorCode
    if (error !== 0) throw new Error(`Produce answers ${error}`)
  }

  /** Sets something of the group. */
  async set(name: string, value: string): Promise<void> {
    const resource = { resourceType: GROUP, resourceName: 'g' }
    const configs = [{ name, configOperation: SET, value }]
    const answer = await this.node.ask(incrementalAlterConfigs, 1, { resources: [{ ...resource, configs }] })
    const [{ errorCode, errorMessage } = { errorCode: -1, errorMessage: '' }] = answer.responses
    if (errorCode !== 0) throw new Error(errorMessage ?? String(errorCode))
  }

  beat(memberId: string, memberEpoch: number, topics: readonly string[] | null = null, groupId = 'g') {
    const subscribedTopicNames = topics === null ? null : [...topics]
    return this.node.ask(shareGroupHeartbeat, 1, {
      groupId,
      memberId,
      memberEpoch,
      rackId: null,
      subscribedTopicNames,
    })
  }

  /** The group begins here. */
  async begin(startOffset: number): Promise<void> {
    const partitions = [{ partitionIndex: 0, startOffset: BigInt(startOffset) }]
    const topics = [{ topicName: 'orders', partitions }]
    const answer = await this.node.ask(alterShareGroupOffsets, 0, { groupId: 'g', topics })
    if (answer.errorCode !== 0) throw new Error(answer.errorMessage ?? '')
  }

  /** What a member is given: first and last offset, and which delivery it is. */
  async fetch(memberId: string, wish: FetchWish = {}, epoch = this.#next(memberId)) {
    const partitions = [{ partitionIndex: 0, acknowledgementBatches: [] }]
    const asked = this.node.ask(shareFetch, 2, {
      ...{ groupId: 'g', memberId, shareSessionEpoch: epoch, isRenewAck: false, shareAcquireMode: 0 },
      ...{ maxWaitMs: 0, minBytes: 1, maxBytes: 1 << 20, maxRecords: 100, batchSize: 100, ...wish },
      topics: epoch === 0 ? [{ topicId: this.topicId, partitions }] : [],
      forgottenTopicsData: [],
    })
    const { errorCode, responses } = await this.node.clock.until(asked)
    const [found] = responses[0]?.partitions ?? []
    const acquired = found?.acquiredRecords.map(({ firstOffset, lastOffset, deliveryCount }) => {
      return [Number(firstOffset), Number(lastOffset), deliveryCount]
    })
    return { errorCode, error: found?.errorCode, acquired: acquired ?? [] }
  }

  /** One type for all, or one a record. */
  async acknowledge(
    memberId: string,
    first: number,
    last: number,
    types: number[],
    epoch = this.#next(memberId),
  ) {
    const batch = { firstOffset: BigInt(first), lastOffset: BigInt(last), acknowledgeTypes: types }
    const partitions = [{ partitionIndex: 0, acknowledgementBatches: [batch] }]
    const topics = [{ topicId: this.topicId, partitions }]
    const isRenewAck = types.includes(4)
    const request = { groupId: 'g', memberId, shareSessionEpoch: epoch, isRenewAck, topics }
    const { errorCode, responses } = await this.node.ask(shareAcknowledge, 2, request)
    return errorCode || (responses[0]?.partitions[0]?.errorCode ?? -2)
  }

  /** What the share coordinator has kept. */
  async kept() {
    const partitions = [{ partition: 0, leaderEpoch: -1 }]
    const topics = [{ topicId: this.topicId, partitions }]
    const answer = await this.node.ask(readShareGroupState, 0, { groupId: 'g', topics })
    const [state] = answer.results[0]?.partitions ?? []
    const batches = state?.stateBatches.map((batch) => {
      return [Number(batch.firstOffset), Number(batch.lastOffset), batch.deliveryState, batch.deliveryCount]
    })
    return { errorCode: state?.errorCode, startOffset: Number(state?.startOffset), batches }
  }

  /** Another process on what the disk has; sessions are gone with the first. */
  async restart(): Promise<void> {
    this.#epochs.clear()
    await this.node.losePower()
  }

  #next(memberId: string): number {
    const epoch = this.#epochs.get(memberId) ?? 0
    this.#epochs.set(memberId, epoch + 1)
    return epoch
  }
}
