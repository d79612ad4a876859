import { describe, expect, it } from 'vitest'
import { deleteShareGroupState } from '../../../../src/lib/protocol/apis/delete-share-group-state.ts'
import { initializeShareGroupState } from '../../../../src/lib/protocol/apis/initialize-share-group-state.ts'
import { readShareGroupState } from '../../../../src/lib/protocol/apis/read-share-group-state.ts'
import { readShareGroupStateSummary } from '../../../../src/lib/protocol/apis/read-share-group-state-summary.ts'
import { writeShareGroupState } from '../../../../src/lib/protocol/apis/write-share-group-state.ts'
import { shareSnapshot, shareUpdate } from '../../../../src/lib/protocol/records/share-state-records.ts'
import { openRecords } from '../../../../src/lib/records/open-records.ts'
import { ShareRig } from './share-rig.ts'

const [UNKNOWN_TOPIC, INVALID_REQUEST, FENCED_LEADER, FENCED_STATE] = [3, 42, 74, 124]
const STATE_TOPIC = '__share_group_state'
const FIVE_MINUTES_MS = 300_000

class StateRig {
  readonly share: ShareRig

  constructor(share: ShareRig) {
    this.share = share
  }

  static async open(settings: Record<string, string> = {}): Promise<StateRig> {
    const one = { 'share.coordinator.state.topic.num.partitions': '1' }
    const share = await ShareRig.open({ settings: { ...one, ...settings } })
    share.node.node.shareStates.createTopic()
    return new StateRig(share)
  }

  #topics(more: object, partition = 0, topicId = this.share.topicId) {
    return { groupId: 'g', topics: [{ topicId, partitions: [{ partition, ...more }] }] } as never
  }

  async initialise(stateEpoch = 0, partition = 0): Promise<number | undefined> {
    const ask = this.#topics({ stateEpoch, startOffset: 0n }, partition)
    const { results } = await this.share.node.ask(initializeShareGroupState, 0, ask)
    return results[0]?.partitions[0]?.errorCode
  }

  async write(first: number, last: number, more: object = {}) {
    const batch = { firstOffset: BigInt(first), lastOffset: BigInt(last), deliveryState: 2, deliveryCount: 1 }
    const said = {
      stateEpoch: 0,
      leaderEpoch: 0,
      startOffset: 0n,
      deliveryCompleteCount: 1,
      stateBatches: [batch],
    }
    const ask = this.#topics({ ...said, ...more })
    const { results } = await this.share.node.ask(writeShareGroupState, 1, ask)
    return results[0]?.partitions[0]
  }

  async read(leaderEpoch = -1) {
    const { results } = await this.share.node.ask(readShareGroupState, 0, this.#topics({ leaderEpoch }))
    return results[0]?.partitions[0]
  }

  async summary() {
    const ask = this.#topics({ leaderEpoch: -1 })
    const { results } = await this.share.node.ask(readShareGroupStateSummary, 1, ask)
    return results[0]?.partitions[0]
  }

  async delete() {
    const { results } = await this.share.node.ask(deleteShareGroupState, 0, this.#topics({}))
    return results[0]?.partitions[0]?.errorCode
  }

  /** The records of the log, in short. */
  records(): string[] {
    const said: string[] = []
    for (const batch of this.share.node.partition(STATE_TOPIC).batches()) {
      const cursor = openRecords(batch)
      while (cursor.next()) said.push(inShort(cursor.key, cursor.value))
    }
    return said
  }
}

function inShort(key: Buffer | null, value: Buffer | null): string {
  if (value === null) return 'tombstone'
  const kind = key?.readInt16BE(0) === 0 ? shareSnapshot : shareUpdate
  const { snapshotEpoch, leaderEpoch, stateBatches } = kind.value.decodeFramed(value).value
  const batches = stateBatches.map(({ firstOffset, lastOffset }) => `${firstOffset}-${lastOffset}`)
  return [kind === shareSnapshot ? 'snapshot' : 'update', snapshotEpoch, leaderEpoch, ...batches].join(' ')
}

describe('the state of share partitions', () => {
  it('is what was written, as updates with a snapshot now and then', async () => {
    const rig = await StateRig.open({ 'share.coordinator.snapshot.update.records.per.snapshot': '2' })
    expect(await rig.initialise()).toBe(0)
    for (const at of [0, 1, 4, 5, 7]) expect((await rig.write(at, at))?.errorCode).toBe(0)
    expect(rig.records()).toEqual([
      'snapshot 0 0',
      'update 0 0 0-0',
      'update 0 0 1-1',
      'snapshot 1 0 0-1 4-4',
      'update 1 0 5-5',
      'update 1 0 7-7',
    ])
    const batches = (await rig.read())?.stateBatches.map(({ firstOffset, lastOffset }) => [
      firstOffset,
      lastOffset,
    ])
    expect(batches).toEqual([
      [0n, 1n],
      [4n, 5n],
      [7n, 7n],
    ])
    expect(await rig.summary()).toMatchObject({ startOffset: 0n, deliveryCompleteCount: 1 })
  })

  it('is of the newest leader and the newest state', async () => {
    const rig = await StateRig.open()
    expect((await rig.write(0, 0))?.errorMessage).toBe(
      'Write operation on uninitialized share partition not allowed.',
    )
    expect((await rig.read())?.errorCode).toBe(INVALID_REQUEST)
    expect(await rig.initialise(0, 9)).toBe(UNKNOWN_TOPIC)
    expect(await rig.initialise(-9)).toBe(0)
    expect(await rig.initialise(5)).toBe(0)
    expect(await rig.initialise(4)).toBe(FENCED_STATE)
    expect((await rig.write(0, 0, { stateEpoch: 4 }))?.errorCode).toBe(FENCED_STATE)
    expect((await rig.read(3))?.errorCode).toBe(0)
    expect(rig.records().at(-1)).toBe('update 1 3')
    expect((await rig.write(0, 0, { stateEpoch: 5, leaderEpoch: 2 }))?.errorCode).toBe(FENCED_LEADER)
    expect((await rig.read(2))?.errorCode).toBe(FENCED_LEADER)
  })

  it('is not written where batches that end before they begin would have no end', async () => {
    const rig = await StateRig.open()
    await rig.initialise()
    const batch = { deliveryState: 0, deliveryCount: 1 }
    const stateBatches = [
      { firstOffset: 2n, lastOffset: 0n, ...batch, deliveryState: 2 },
      { firstOffset: 1n, lastOffset: 3n, ...batch },
    ]
    expect((await rig.write(0, 0, { startOffset: -1n, stateBatches }))?.errorCode).toBe(INVALID_REQUEST)
    expect(await rig.write(5, 2, { startOffset: -1n })).toMatchObject({ errorCode: 0 })
    expect((await rig.read())?.stateBatches).toMatchObject([{ firstOffset: 5n, lastOffset: 2n }])
  })

  it('goes with a tombstone, by request and with its topic', async () => {
    const rig = await StateRig.open()
    await rig.initialise()
    expect(await rig.delete()).toBe(0)
    expect(await rig.delete()).toBe(0)
    expect(rig.records()).toEqual(['snapshot 0 0', 'tombstone'])
    await rig.initialise()
    rig.share.node.node.controller.deleteTopic(rig.share.topicId)
    expect(rig.records().slice(2)).toEqual(['snapshot 0 0', 'tombstone'])
  })

  it('is summed up in a new snapshot where nothing happens, and what is before it is pruned', async () => {
    const rig = await StateRig.open()
    await rig.initialise()
    await rig.write(0, 3)
    await rig.share.node.clock.pass(FIVE_MINUTES_MS)
    expect(rig.records().at(-1)).toBe('snapshot 1 0 0-3')
    await rig.share.node.clock.pass(FIVE_MINUTES_MS)
    expect(rig.share.node.partition(STATE_TOPIC).logStartOffset).toBe(2)
    await rig.share.restart()
    expect((await rig.read())?.stateBatches).toMatchObject([{ firstOffset: 0n, lastOffset: 3n }])
  })
})
