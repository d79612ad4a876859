import { expect, it } from 'vitest'
import { fetch } from '../../../../src/lib/protocol/apis/fetch.ts'
import { listOffsets } from '../../../../src/lib/protocol/apis/list-offsets.ts'
import { metadata } from '../../../../src/lib/protocol/apis/metadata.ts'
import { BatchWriter } from '../../../../src/lib/records/batch-writer.ts'
import { runLive } from '../../../support/run-live.ts'
import { answers, type ScriptedPeer, SILENCE, scriptedPeer } from '../../../support/scripted-peer.ts'

const topicId = 'AAAAAAAAAAAAAAAAAAAAAg'
const OFFSET_OUT_OF_RANGE = 1
const NOT_LEADER = 6

function batch(baseOffset: number, count: number): Buffer {
  const writer = new BatchWriter({ baseOffset })
  for (let i = 0; i < count; i++) {
    writer.append({ timestamp: 1000, key: null, value: Buffer.from(`r${baseOffset + i}`) })
  }
  return writer.finish()
}

function broken(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes)
  copy[copy.length - 2] = 0xff
  return copy
}

type FetchedAt = { readonly errorCode: number; readonly records: Buffer | null } | typeof SILENCE

/** A leader of partition 0, whose log goes up to 10; partition 1 has none. */
function leader(at: (offset: number, tries: number) => FetchedAt, starts = [0]): Promise<ScriptedPeer> {
  let port = 0
  let tries = 0
  const partition = (partitionIndex: number, leaderId: number) => ({
    partitionIndex,
    leaderId,
    replicaNodes: [1],
    isrNodes: [1],
    errorCode: leaderId < 0 ? 5 : 0,
  })
  const table = [
    answers(metadata, ({ topics }) => ({
      brokers: [{ nodeId: 1, host: '127.0.0.1', port }],
      controllerId: 1,
      topics: (topics ?? []).map(({ name }) => ({
        name,
        topicId,
        partitions: [partition(0, 1), partition(1, -1)],
      })),
    })),
    answers(listOffsets, ({ topics }) => ({
      topics: topics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map(({ partitionIndex, timestamp }) => ({
          partitionIndex,
          errorCode: 0,
          offset: timestamp === -2n ? BigInt((starts.length > 1 ? starts.shift() : starts[0]) ?? 0) : 10n,
        })),
      })),
    })),
    answers(fetch, ({ topics }) => {
      tries += 1
      const said = at(Number(topics[0]?.partitions[0]?.fetchOffset), tries)
      if (said === SILENCE) return SILENCE
      const facts = { partitionIndex: 0, highWatermark: 10n, lastStableOffset: 10n, logStartOffset: 0n }
      return { sessionId: 0, responses: [{ topic: 'orders', topicId, partitions: [{ ...facts, ...said }] }] }
    }),
  ]
  return scriptedPeer(table).then((peer) => {
    port = peer.port
    return peer
  })
}

const found = (records: Buffer | null): FetchedAt => ({ errorCode: 0, records })
const refused = (errorCode: number): FetchedAt => ({ errorCode, records: null })

async function consume(peer: ScriptedPeer, ...argv: string[]) {
  const run = await runLive('consume', peer.bootstrap, ['orders:0', '--format', '%o ', ...argv])
  return { ...run, offsets: run.stdout.trim() }
}

it('goes on behind a batch whose CRC is wrong, and fails for it', async () => {
  await using peer = await leader((offset) =>
    found(offset === 0 ? Buffer.concat([batch(0, 3), broken(batch(3, 4))]) : batch(7, 3)),
  )
  const { status, offsets, stderr } = await consume(peer)
  expect({ status, offsets }).toEqual({ status: 1, offsets: '0 1 2 7 8 9' })
  expect(stderr).toMatch(/orders:0: the batch of the offsets 3 to 6: its CRC is/)
})

it('tells which records were deleted before it came to them, and goes on where the log begins now', async () => {
  const starts = [0, 6]
  await using peer = await leader((offset) => {
    if (offset === 0) return found(batch(0, 3))
    return offset === 3 ? refused(OFFSET_OUT_OF_RANGE) : found(batch(6, 4))
  }, starts)
  const { status, offsets, stderr } = await consume(peer)
  expect({ status, offsets }).toEqual({ status: 1, offsets: '0 1 2 6 7 8 9' })
  expect(stderr).toMatch(/orders:0: the offsets 3 to 5 were deleted before they were read/)
})

it('asks anew who leads where the leader has moved', async () => {
  await using peer = await leader((_, tries) => (tries < 3 ? refused(NOT_LEADER) : found(batch(0, 10))))
  const { status, offsets } = await consume(peer)
  expect({ status, offsets }).toEqual({ status: 0, offsets: '0 1 2 3 4 5 6 7 8 9' })
  expect(peer.of(fetch)).toHaveLength(3)
})

it('puts together what comes in pieces of batches', async () => {
  const whole = Buffer.concat([batch(0, 5), batch(5, 5)])
  await using peer = await leader((offset) =>
    found(offset === 0 ? whole.subarray(0, whole.length - 10) : batch(5, 5)),
  )
  expect(await consume(peer)).toMatchObject({ status: 0, offsets: '0 1 2 3 4 5 6 7 8 9' })
})

it('gives up on a leader that says nothing, within the timeout', async () => {
  await using peer = await leader(() => SILENCE)
  const { status, stderr } = await consume(peer, '--timeout', '1s')
  expect(status).toBe(5)
  expect(stderr).toMatch(/orders:0: .*did not answer Fetch within/)
})

it('prints the other partitions where one has no leader', async () => {
  await using peer = await leader(() => found(batch(0, 10)))
  const run = await runLive('consume', peer.bootstrap, ['orders', '--format', '%o ', '--timeout', '1s'])
  expect(run).toMatchObject({ status: 1, stdout: '0 1 2 3 4 5 6 7 8 9 ' })
  expect(run.stderr).toMatch(/orders:1/)
})
