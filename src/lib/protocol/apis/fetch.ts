import { array } from '../../schema/array.ts'
import { int8, int16, int32, int64 } from '../../schema/numbers.ts'
import { struct } from '../../schema/struct.ts'
import { records, string, uuid } from '../../schema/text-and-bytes.ts'
import { api } from '../api.ts'

export const fetch = api({
  key: 1,
  name: 'Fetch',
  versions: '0-18',
  dropped: '0-3',
  flexible: 12,
  listeners: ['broker', 'controller'],
  request: {
    clusterId: string
      .since(12)
      .nullable()
      .default(null)
      .tagged(0)
      .ignorable()
      .about('Checked by controllers: a request for another cluster is refused.'),
    replicaId: int32.until(14).default(-1).about('-1 for a consumer; followers give their broker id.'),
    replicaState: struct({
      replicaId: int32.default(-1),
      replicaEpoch: int64.default(-1n),
    })
      .since(15)
      .tagged(1),
    maxWaitMs: int32.about('How long the broker may wait for minBytes.'),
    minBytes: int32.about('Answer as soon as this much is there.'),
    maxBytes: int32
      .since(3)
      .default(0x7fff_ffff)
      .ignorable()
      .about('A soft limit: one batch always gets through, however large.'),
    isolationLevel: int8.since(4).ignorable().about('0 read_uncommitted, 1 read_committed.'),
    sessionId: int32.since(7).ignorable().about('0 asks for a new session; see KIP-227.'),
    sessionEpoch: int32.since(7).default(-1).ignorable().about('0 starts a session, -1 ends or avoids one.'),
    topics: array({
      topic: string.until(12).ignorable(),
      topicId: uuid.since(13).ignorable(),
      partitions: array({
        partition: int32,
        currentLeaderEpoch: int32
          .since(9)
          .default(-1)
          .ignorable()
          .about('What the client believes; -1 skips the check.'),
        fetchOffset: int64,
        lastFetchedEpoch: int32
          .since(12)
          .default(-1)
          .about('Lets the leader see that the logs have parted; -1 where unknown.'),
        logStartOffset: int64.since(5).default(-1n).ignorable().about('Only followers give it.'),
        partitionMaxBytes: int32,
        replicaDirectoryId: uuid.since(17).tagged(0).ignorable(),
        highWatermark: int64
          .since(18)
          .default(0x7fff_ffff_ffff_ffffn)
          .tagged(1)
          .ignorable()
          .about('Everything below it is on all in-sync replicas.'),
      }),
    }),
    forgottenTopicsData: array({
      topic: string.until(12).ignorable(),
      topicId: uuid.since(13).ignorable(),
      partitions: array(int32),
    })
      .since(7)
      .about('Partitions to take out of the session.'),
    rackId: string.since(11).ignorable().about('Lets the leader name a nearer replica (KIP-392).'),
  },
  response: {
    throttleTimeMs: int32
      .since(1)
      .ignorable()
      .about('How long a quota held this answer back, or asks the client to wait.'),
    errorCode: int16.since(7).ignorable().about('See `ktool protocol errors`; 0 is none.'),
    sessionId: int32.since(7),
    responses: array({
      topic: string.until(12).ignorable(),
      topicId: uuid.since(13).ignorable(),
      partitions: array({
        partitionIndex: int32,
        errorCode: int16.about('See `ktool protocol errors`; 0 is none.'),
        highWatermark: int64.about('Everything below it is on all in-sync replicas.'),
        lastStableOffset: int64
          .since(4)
          .default(-1n)
          .ignorable()
          .about('Everything below it is decided: committed or aborted.'),
        logStartOffset: int64.since(5).default(-1n).ignorable(),
        divergingEpoch: struct({
          epoch: int32.default(-1),
          endOffset: int64.default(-1n),
        })
          .since(12)
          .tagged(0)
          .about('Where the logs part; the follower truncates to it.'),
        currentLeader: struct({
          leaderId: int32.default(-1),
          leaderEpoch: int32.default(-1),
        })
          .since(12)
          .tagged(1),
        snapshotId: struct({
          endOffset: int64.default(-1n),
          epoch: int32.default(-1),
        })
          .since(12)
          .tagged(2),
        abortedTransactions: array({
          producerId: int64,
          firstOffset: int64,
        })
          .since(4)
          .nullable()
          .ignorable()
          .about('Transactions to skip under read_committed, by where they began.'),
        preferredReadReplica: int32
          .since(11)
          .default(-1)
          .about('Fetch from this broker instead; -1 for none.'),
        records: records.nullable(),
      }),
    }),
    nodeEndpoints: array({
      nodeId: int32,
      host: string,
      port: int32,
      rack: string.nullable().default(null),
    })
      .since(16)
      .tagged(0),
  },
})
