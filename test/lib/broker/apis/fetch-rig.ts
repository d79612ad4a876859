import type { RequestOf } from '../../../../src/lib/protocol/api.ts'
import { fetch } from '../../../../src/lib/protocol/apis/fetch.ts'
import { produce } from '../../../../src/lib/protocol/apis/produce.ts'
import type { BatchWriterFields } from '../../../../src/lib/records/batch-writer.ts'
import { NodeRig, type NodeWish } from './node-rig.ts'
import { sentBatch } from './record-batches.ts'

type Request = RequestOf<typeof fetch>
type Wish = Partial<Omit<Request, 'topics'>>

/** A partition that is fetched, and from where. */
export interface From {
  readonly topic?: string
  readonly partition?: number
  readonly offset: number
  readonly maxBytes?: number
  readonly currentLeaderEpoch?: number
  readonly lastFetchedEpoch?: number
}

/** What a client sees of one partition. */
export interface Seen {
  readonly topic: string
  readonly partition: number
  readonly error: number
  readonly bytes: number
}

export interface FetchAnswer {
  readonly error: number
  readonly sessionId: number
  readonly seen: readonly Seen[]
  /** As it was read from the wire. */
  readonly raw: Awaited<ReturnType<typeof asked>>
}

const VERSION = 12

function asked(rig: NodeRig, request: Request) {
  return rig.ask(fetch, VERSION, request)
}

/** A producer and a consumer of a node: orders has two partitions, other one. */
export class FetchRig {
  readonly node: NodeRig

  constructor(node: NodeRig) {
    this.node = node
  }

  static async open(wish: NodeWish = {}): Promise<FetchRig> {
    const topics = [
      { name: 'orders', partitions: 2 },
      { name: 'other', partitions: 1 },
    ]
    return new FetchRig(await NodeRig.open({ topics, ...wish }))
  }

  async send(
    value: string,
    {
      topic = 'orders',
      partition = 0,
      ...fields
    }: { topic?: string; partition?: number } & BatchWriterFields = {},
  ): Promise<void> {
    const records = sentBatch([{ timestamp: this.node.clock.nowMs(), value }], fields)
    const answer = await this.node.ask(produce, 12, {
      ...{ acks: -1, timeoutMs: 1000 },
      topicData: [{ name: topic, partitionData: [{ index: partition, records }] }],
    })
    const error = answer.responses[0]?.partitionResponses[0]?.errorCode
    if (error !== 0) throw new Error(`Produce answers ${error}`)
  }

  async fetch(from: readonly From[], wish: Wish = {}): Promise<FetchAnswer> {
    const raw = await asked(this.node, {
      ...{ maxWaitMs: 0, minBytes: 1, maxBytes: 50_000_000, isolationLevel: 0 },
      ...{ sessionId: 0, sessionEpoch: -1, rackId: '', replicaId: -1, clusterId: null },
      replicaState: { replicaId: -1, replicaEpoch: -1n },
      forgottenTopicsData: [],
      ...wish,
      topics: from.map((each) => ({
        topic: each.topic ?? 'orders',
        topicId: 'AAAAAAAAAAAAAAAAAAAAAA',
        partitions: [wanted(each)],
      })),
    })
    const seen = raw.responses.flatMap(({ topic, partitions }) =>
      partitions.map(({ partitionIndex, errorCode, records }) => ({
        ...{ topic, partition: partitionIndex, error: errorCode, bytes: records?.length ?? 0 },
      })),
    )
    return { error: raw.errorCode, sessionId: raw.sessionId, seen, raw }
  }
}

function wanted({ partition = 0, offset, maxBytes = 1_000_000, ...epochs }: From) {
  return {
    ...{ partition, fetchOffset: BigInt(offset), partitionMaxBytes: maxBytes },
    ...{ currentLeaderEpoch: -1, lastFetchedEpoch: -1, logStartOffset: -1n, ...epochs },
    ...{ replicaDirectoryId: 'AAAAAAAAAAAAAAAAAAAAAA', highWatermark: 0x7fff_ffff_ffff_ffffn },
  }
}
