import { fetch } from '../../src/lib/protocol/apis/fetch.ts'
import { listOffsets } from '../../src/lib/protocol/apis/list-offsets.ts'
import { metadata } from '../../src/lib/protocol/apis/metadata.ts'
import { BatchWriter } from '../../src/lib/records/batch-writer.ts'
import { answers, type ScriptedPeer, SILENCE, scriptedPeer } from './scripted-peer.ts'

const topicId = 'AAAAAAAAAAAAAAAAAAAAAg'
const START = -2n
const END = -1n
/** Not one that is tried again. */
const UNKNOWN_SERVER_ERROR = -1

/** What fails of partition 0, so that it cannot be read at the first look. */
export type FirstTrouble = 'topic' | 'offsets' | 'time' | 'fetch'

/**
 * The leader of a topic `orders` that cannot be read at first. Its partitions go up to the offset 10, 7 is the first of
 * its time; what is written after the first look is the record 10. Once that look is over there is a partition 1.
 */
export async function lateLeader(trouble: FirstTrouble, times = 1): Promise<ScriptedPeer> {
  let left = times
  const troubled = (kind: FirstTrouble) => {
    if (left === 0 || kind !== trouble) return 0
    left -= 1
    return UNKNOWN_SERVER_ERROR
  }
  const peer: ScriptedPeer = await scriptedPeer([
    answers(metadata, ({ topics }) => {
      const partitions = (left > 0 ? [0] : [0, 1]).map((partitionIndex) => ({
        ...{ partitionIndex, leaderId: 1, replicaNodes: [1], isrNodes: [1] },
      }))
      const errorCode = topics === null ? 0 : troubled('topic')
      return {
        brokers: [{ nodeId: 1, host: '127.0.0.1', port: peer.port }],
        controllerId: 1,
        topics: [{ name: 'orders', topicId, errorCode, partitions: errorCode === 0 ? partitions : [] }],
      }
    }),
    answers(listOffsets, ({ topics }) => ({
      topics: topics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map(({ partitionIndex, timestamp }) => {
          const errorCode = troubled(timestamp >= 0n ? 'time' : 'offsets')
          const offset = timestamp === START ? 0n : timestamp === END ? 10n : 7n
          return { partitionIndex, errorCode, offset: errorCode === 0 ? offset : -1n }
        }),
      })),
    })),
    answers(fetch, ({ topics }) => {
      const asked = topics.flatMap(({ partitions }) => partitions)
      if (asked.every(({ fetchOffset }) => fetchOffset > 10n)) return SILENCE
      const partitions = asked.map(({ partition: partitionIndex, fetchOffset }) => {
        const errorCode = troubled('fetch')
        return {
          ...{ partitionIndex, errorCode, highWatermark: 11n, lastStableOffset: 11n, logStartOffset: 0n },
          records: fetchOffset > 10n || errorCode !== 0 ? null : upToTen(Number(fetchOffset)),
        }
      })
      return { sessionId: 0, responses: [{ topic: 'orders', topicId, partitions }] }
    }),
  ])
  return peer
}

function upToTen(baseOffset: number): Buffer {
  const writer = new BatchWriter({ baseOffset })
  for (let offset = baseOffset; offset <= 10; offset++) {
    writer.append({ timestamp: 1000, key: null, value: Buffer.from(`r${offset}`) })
  }
  return writer.finish()
}
