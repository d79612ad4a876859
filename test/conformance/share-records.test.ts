import { expect, inject, it } from 'vitest'
import type { Api } from '../../src/lib/protocol/api.ts'
import { findCoordinator } from '../../src/lib/protocol/apis/find-coordinator.ts'
import { initializeShareGroupState } from '../../src/lib/protocol/apis/initialize-share-group-state.ts'
import { produce } from '../../src/lib/protocol/apis/produce.ts'
import { readShareGroupState } from '../../src/lib/protocol/apis/read-share-group-state.ts'
import { readShareGroupStateSummary } from '../../src/lib/protocol/apis/read-share-group-state-summary.ts'
import { shareAcknowledge } from '../../src/lib/protocol/apis/share-acknowledge.ts'
import { shareFetch } from '../../src/lib/protocol/apis/share-fetch.ts'
import type { Decoded, Encodable, Fields } from '../../src/lib/schema/field.ts'
import { sentBatch } from '../lib/broker/apis/record-batches.ts'
import { randomDraw } from '../random.ts'
import { brokerInProcess } from '../support/broker-in-process.ts'
import { Connection } from './wire/connection.ts'
import { eventually } from './wire/coordinators.ts'
import { createTopic } from './wire/topics.ts'

/** KTOOL_SEEDS=7,8 KTOOL_REQUESTS=500 asks more. */
const seeds = (process.env.KTOOL_SEEDS ?? '1,2,3').split(',').map(Number)
const steps = Number(process.env.KTOOL_REQUESTS ?? 60)
const settings = { 'share.coordinator.state.topic.num.partitions': '3' }

interface Member {
  readonly memberId: string
  readonly connection: Connection
  epoch: number
  /** What it was given and has said nothing about. */
  acquired: { readonly firstOffset: bigint; readonly lastOffset: bigint }[]
}

/** A share partition of one of the two brokers, with two members that fetch from it. */
class Shared {
  readonly connection: Connection
  readonly groupId: string
  topicId = ''
  readonly members: Member[] = []

  private constructor(connection: Connection, groupId: string) {
    this.connection = connection
    this.groupId = groupId
  }

  static async open(port: number, name: string): Promise<Shared> {
    const shared = new Shared(await Connection.open(port), `${name}-group`)
    shared.topicId = await createTopic(shared.connection, name)
    await shared.#initialise()
    for (const memberId of ['one', 'two']) {
      shared.members.push({ memberId, connection: await Connection.open(port), epoch: 0, acquired: [] })
    }
    // Kafka reads the state of a share partition while the first fetch waits, and has nothing to say until then.
    for (const of of shared.members.keys())
      await shared.fetch(of, { maxWaitMs: 300, maxRecords: 1, batchSize: 1 }, [])
    return shared
  }

  async #initialise(): Promise<void> {
    const coordinatorKeys = [`${this.groupId}:${this.topicId}:0`]
    await eventually(async () => {
      await this.connection.ask(findCoordinator, 6, { keyType: 2, coordinatorKeys })
      const made = await this.state(initializeShareGroupState, 0, { stateEpoch: 0, startOffset: 0n })
      expect(made.results[0]?.partitions[0]).toMatchObject({ errorCode: 0 })
    })
  }

  state<Q extends Fields, S extends Fields>(
    api: Api<Q, S>,
    version: number,
    more: object,
  ): Promise<Decoded<S>> {
    const topics = [{ topicId: this.topicId, partitions: [{ partition: 0, ...more }] }]
    const request = { groupId: this.groupId, topics } as unknown as Encodable<Decoded<Q>>
    return this.connection.ask(api, version, request)
  }

  async produce(records: Buffer): Promise<unknown> {
    const topicData = [{ name: '', topicId: this.topicId, partitionData: [{ index: 0, records }] }]
    const answer = await this.connection.ask(produce, 13, { acks: -1, timeoutMs: 5000, topicData })
    return answer.responses[0]?.partitionResponses[0]?.errorCode
  }

  async fetch(of: number, wish: object, acknowledgementBatches: readonly object[], memberId?: string) {
    const member = this.members[of] as Member
    const partitions = [{ partitionIndex: 0, acknowledgementBatches }]
    const isNew = member.epoch === 0
    const answer = await member.connection.ask(shareFetch, 2, {
      ...{ groupId: this.groupId, memberId: memberId ?? member.memberId, shareSessionEpoch: member.epoch++ },
      ...{ maxWaitMs: 0, minBytes: 1, maxBytes: 1 << 20, ...wish },
      topics: isNew || acknowledgementBatches.length > 0 ? [{ topicId: this.topicId, partitions }] : [],
    } as never)
    const found = answer.responses[0]?.partitions[0]
    member.acquired.push(...(found?.acquiredRecords ?? []))
    return {
      ...{
        errorCode: answer.errorCode,
        lockMs: answer.acquisitionLockTimeoutMs,
        isThere: found !== undefined,
      },
      ...{ partitionError: found?.errorCode, acquired: found?.acquiredRecords },
      ...{ acknowledgeError: found?.acknowledgeErrorCode, message: found?.acknowledgeErrorMessage },
      sizeBytes: found?.records?.length,
    }
  }

  async acknowledge(of: number, acknowledgementBatches: readonly object[], isRenewAck: boolean) {
    const member = this.members[of] as Member
    const partitions = [{ partitionIndex: 0, acknowledgementBatches }]
    const answer = await member.connection.ask(shareAcknowledge, 2, {
      ...{
        groupId: this.groupId,
        memberId: member.memberId,
        shareSessionEpoch: member.epoch++,
        isRenewAck,
      },
      topics: [{ topicId: this.topicId, partitions }],
    } as never)
    const [{ errorCode, errorMessage } = { errorCode: -2, errorMessage: '' }] =
      answer.responses[0]?.partitions ?? []
    return { error: answer.errorCode, lockMs: answer.acquisitionLockTimeoutMs, errorCode, errorMessage }
  }

  async kept(): Promise<unknown> {
    const read = await this.state(readShareGroupState, 0, { leaderEpoch: -1 })
    const summary = await this.state(readShareGroupStateSummary, 1, { leaderEpoch: -1 })
    return [read, summary].map(({ results }) => results.map(({ partitions }) => partitions))
  }

  close(): void {
    for (const { connection } of [this, ...this.members]) connection.close()
  }
}

/** Something that members of share groups do, drawn at random from what they have been given. */
function drawStep(draw: () => number, { members }: Shared): (shared: Shared) => Promise<unknown> {
  const below = (count: number) => Math.floor(draw() * count)
  const of = below(members.length)
  const member = members[of] as Member
  const kind = draw()
  if (kind < 0.2) {
    const records = Array.from({ length: 1 + below(8) }, (_, i) => ({ timestamp: 1000 + i }))
    return (shared) => shared.produce(sentBatch(records))
  }
  const taken = member.acquired.splice(below(member.acquired.length), 1 + below(3))
  const batches = (draw() < 0.1 ? [{ firstOffset: 1n, lastOffset: 3n }] : taken)
    .toSorted((a, b) => Number(a.firstOffset - b.firstOffset))
    .map(({ firstOffset, lastOffset }) => {
      const last =
        draw() < 0.4 ? firstOffset + BigInt(below(Number(lastOffset - firstOffset) + 1)) : lastOffset
      const count = Number(last - firstOffset) + 1
      const types = Array.from({ length: draw() < 0.4 ? count : 1 }, () => below(draw() < 0.1 ? 5 : 4))
      return { firstOffset, lastOffset: last, acknowledgeTypes: types }
    })
  const isRenewAck = draw() < 0.1
  if (kind < 0.5) {
    return (shared) => shared.acknowledge(of, batches, isRenewAck)
  }
  const wish = { maxRecords: 1 + below(20), batchSize: 1 + below(6), shareAcquireMode: below(2) }
  const said = kind < 0.7 && member.epoch > 0 ? batches : []
  // Without patience it hangs on chance whether Kafka finds what the same request has released.
  const maxWaitMs = said.length > 0 ? 250 : 0
  return (shared) => shared.fetch(of, { ...wish, maxWaitMs }, said)
}

it.each(seeds)(
  'share groups get and acknowledge records as at Apache Kafka, seed %d',
  { timeout: 120_000 },
  async (seed) => {
    await using rig = await brokerInProcess({ settings })
    const name = `share-${seed}-${process.pid}`
    const [theirs, ours] = await Promise.all([
      Shared.open(inject('kafka').ports.plain, name),
      Shared.open(rig.port, name),
    ])
    const draw = randomDraw(seed)
    for (let i = 0; i < steps; i++) {
      // Both have been given the same so far.
      const step = drawStep(draw, theirs)
      ours.members.forEach((member, of) => {
        member.acquired = [...(theirs.members[of]?.acquired ?? [])]
      })
      const [expected, found] = [await step(theirs), await step(ours)]
      expect(found, `step ${i} ${rig.lines.slice(-2)}`).toEqual(expected)
      expect(await ours.kept(), `the state after step ${i}`).toEqual(await theirs.kept())
    }
    theirs.close()
    ours.close()
  },
)
