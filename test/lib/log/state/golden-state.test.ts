import { existsSync } from 'node:fs'
import { describe, expect, it, test } from 'vitest'
import { openPartitionFolder } from '../../../../src/lib/log/partition-folder.ts'
import { boundsBeside } from '../../../../src/lib/log/state/checkpoint-bounds.ts'
import { type PartitionState, readPartitionState } from '../../../../src/lib/log/state/partition-state.ts'
import { systemDisk } from '../../../../src/lib/ports/system-disk.ts'
import { goldenText } from '../../../golden/vectors.ts'
import { pathInDisk } from '../lookup/golden-partitions.ts'

interface GoldenProducer {
  readonly producerId: number
  readonly epoch: number
  readonly lastSequence: number
  readonly lastTimestamp: number
  readonly coordinatorEpoch: number | null
  readonly currentTransactionStartOffset: number | null
}

const directories = { 'kraft-431': ['data0', 'data1'], 'cluster-3': ['node3', 'node1'] }

describe('producers are those that DescribeProducers told of', () => {
  test.each(goldenProducers())('$partition of $name', ({ path, producers }) => {
    expect(producersOf(stateOf(path))).toEqual(producers)
  })

  test.each(goldenProducers())('$partition of $name without its snapshots', ({ path, producers }) => {
    const folder = openPartitionFolder(systemDisk, path)
    const state = readPartitionState(systemDisk, { ...folder, snapshots: [] })
    expect(producersOf(state)).toEqual(producers)
  })
})

describe('the state of a partition', () => {
  it('tells of the transaction that is open, and since when', () => {
    const [open, ...others] = stateOf(pathInDisk('logdirs/kraft-431/data1/orders-1')).openTransactions
    expect(others).toEqual([])
    expect(open).toMatchObject({
      producerId: 1005,
      producerEpoch: 0,
      firstOffset: 20,
      coordinatorEpoch: null,
    })
    expect(open?.startTimestamp).toBeLessThanOrEqual(Number(open?.lastTimestamp))
  })

  it('has the newest leader epoch', () => {
    expect(stateOf(pathInDisk('segments/epochs/epochs-0')).lastLeaderEpoch).toBe(6)
    expect(stateOf(pathInDisk('segments/v1-102-none/v1-102-none-0')).lastLeaderEpoch).toBe(-1)
  })

  it('says where no checkpoint bounds it', () => {
    expect(stateOf(pathInDisk('segments/txn-v2/txn-v2-0')).notes).toEqual({
      logStartOffset: 'no checkpoint has it: the first base offset',
      logEndOffset: null,
      highWatermark: 'no checkpoint has it: the log end offset',
      lastStableOffset: 'no checkpoint has it: the log end offset',
    })
  })

  it('holds the high watermark between log start and log end', () => {
    const folder = openPartitionFolder(systemDisk, pathInDisk('segments/txn-v2/txn-v2-0'))
    const highWatermark = (checkpoint: number, logStartOffset = 0) =>
      readPartitionState(systemDisk, folder, { highWatermark: checkpoint, logStartOffset }).highWatermark
    expect([highWatermark(0, 20), highWatermark(100), highWatermark(999)]).toEqual([20, 100, 207])
  })

  it('holds readers back before a transaction whose marker is not below the high watermark', () => {
    const folder = openPartitionFolder(systemDisk, pathInDisk('segments/txn-v2/txn-v2-0'))
    const lastStable = (highWatermark: number) =>
      readPartitionState(systemDisk, folder, { highWatermark }).lastStableOffset
    // The transaction of 1 and 2 is aborted at 11, that of 198 and on ends after 203.
    expect([lastStable(1), lastStable(11), lastStable(207)]).toEqual([1, 1, 207])
  })

  it('takes the snapshot before one that is damaged', () => {
    const state = stateOf(pathInDisk('corrupt/cases/snapshot-crc/victim-0'))
    expect(state.remarks).toEqual([expect.stringContaining('00000000000000000084.snapshot is not used')])
    expect(producersOf(state)).toEqual(producersOf(stateOf(pathInDisk('corrupt/base/victim-0'))))
  })
})

function stateOf(path: string): PartitionState {
  const folder = openPartitionFolder(systemDisk, path)
  return readPartitionState(systemDisk, folder, boundsBeside(systemDisk, folder).bounds)
}

function producersOf({ producers }: PartitionState) {
  return producers.map(({ producerEpoch, ...rest }) => ({ ...rest, epoch: producerEpoch }))
}

function goldenProducers() {
  return Object.entries(directories).flatMap(([name, folders]) => {
    const { producers } = JSON.parse(goldenText(`disk/expected/logdirs/${name}/answers.json`)) as {
      producers: Record<string, GoldenProducer[]>
    }
    return Object.entries(producers).flatMap(([partition, unsorted]) => {
      const paths = folders.map((folder) => pathInDisk(`logdirs/${name}/${folder}/${partition}`))
      const path = paths.find((each) => existsSync(each))
      const sorted = unsorted.toSorted((a, b) => a.producerId - b.producerId)
      return path === undefined ? [] : [{ name, partition, path, producers: sorted }]
    })
  })
}
