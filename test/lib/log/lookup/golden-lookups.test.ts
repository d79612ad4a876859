import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Int64 } from '../../../../src/lib/bytes/int64.ts'
import { findByTime } from '../../../../src/lib/log/lookup/find-by-time.ts'
import { findMaxTimestamp } from '../../../../src/lib/log/lookup/find-max-timestamp.ts'
import type { Lookup } from '../../../../src/lib/log/lookup/found-record.ts'
import { type Isolation, readableBatches } from '../../../../src/lib/log/lookup/readable-batches.ts'
import { openPartitionFolder, type PartitionFolder } from '../../../../src/lib/log/partition-folder.ts'
import { boundsBeside } from '../../../../src/lib/log/state/checkpoint-bounds.ts'
import type { CheckpointBounds } from '../../../../src/lib/log/state/log-bounds.ts'
import { type PartitionState, readPartitionState } from '../../../../src/lib/log/state/partition-state.ts'
import { systemDisk } from '../../../../src/lib/ports/system-disk.ts'
import { openRecords } from '../../../../src/lib/records/open-records.ts'
import {
  type Answer,
  type GoldenLookups,
  goldenDirectoryLookups,
  goldenPartitions,
  pathInDisk,
} from './golden-partitions.ts'

const none: Answer = { offset: -1, timestamp: -1, leaderEpoch: null }

describe('every lookup that a broker answered has the same answer', () => {
  test.each(goldenPartitions())('$title', ({ path, bounds, lookups }) => {
    expectAnswers(openPartitionFolder(systemDisk, path), bounds, lookups)
  })

  test.each(inDirectories())('$partition of $name', ({ path, lookups }) => {
    const folder = openPartitionFolder(systemDisk, path)
    const { bounds, problems } = boundsBeside(systemDisk, folder)
    expect(problems).toEqual([])
    expectAnswers(folder, bounds, lookups)
  })
})

/** Where each partition lies of those that the directories' brokers were asked about. */
function inDirectories() {
  const places = { 'kraft-431': ['data0', 'data1'], 'zk-231': ['data'], 'cluster-3': ['node3', 'node1'] }
  return Object.entries(places).flatMap(([name, folders]) =>
    goldenDirectoryLookups(name).flatMap(({ partition, lookups }) => {
      const paths = folders.map((folder) => pathInDisk(`logdirs/${name}/${folder}/${partition}`))
      const path = paths.find((each) => existsSync(each))
      return path === undefined ? [] : [{ name, partition, path, lookups }]
    }),
  )
}

function expectAnswers(folder: PartitionFolder, bounds: CheckpointBounds, lookups: GoldenLookups): void {
  const state = readPartitionState(systemDisk, folder, bounds)
  expect(state.remarks).toEqual([])
  expect({
    earliest: state.logStartOffset,
    highWatermark: state.highWatermark,
    lastStableOffset: state.lastStableOffset,
  }).toEqual({
    earliest: lookups.earliest.offset,
    highWatermark: lookups.highWatermark.offset,
    lastStableOffset: lookups.lastStableOffset.offset,
  })
  if (!('error' in lookups.maxTimestamp)) {
    expect(answerOf(findMaxTimestamp(systemDisk, folder, state))).toEqual(lookups.maxTimestamp)
  }
  const asked = lookups.byTimestamp.filter(({ answer }) => !('error' in answer))
  const answers = asked.map(({ ask }) => ({
    ask,
    answer: answerOf(findByTime(systemDisk, folder, state, ask)),
  }))
  expect(answers).toEqual(asked)
  expect(rangesOf(folder, state, 'read_uncommitted')).toEqual(lookups.readUncommitted)
  expect(rangesOf(folder, state, 'read_committed')).toEqual(lookups.readCommitted)
}

/** Healthy files leave nothing to remark upon, but for a time that only a checkout has given them. */
function answerOf({ found, remarks, damages }: Lookup): Answer {
  const ofFiles = remarks.filter((remark) => !remark.includes('was modified'))
  expect([...ofFiles, ...damages]).toEqual([])
  if (found === null) return none
  const { offset, timestamp, leaderEpoch } = found
  return { offset: Number(offset), timestamp: Number(timestamp), leaderEpoch }
}

function rangesOf(folder: PartitionFolder, state: PartitionState, isolation: Isolation): [Int64, Int64][] {
  const ranges: [Int64, Int64][] = []
  for (const batch of readableBatches(systemDisk, folder, state, isolation)) {
    for (const cursor = openRecords(batch); cursor.next(); ) {
      if (cursor.offset < state.logStartOffset) continue
      const last = ranges.at(-1)
      if (last !== undefined && Number(last[1]) + 1 === cursor.offset) last[1] = cursor.offset
      else ranges.push([cursor.offset, cursor.offset])
    }
  }
  return ranges
}
