import { array } from '../../schema/array.ts'
import { int16, int32, int64, uint16 } from '../../schema/numbers.ts'
import { struct } from '../../schema/struct.ts'
import { records, string, uuid } from '../../schema/text-and-bytes.ts'
import { api } from '../api.ts'

export const fetchSnapshot = api({
  key: 59,
  name: 'FetchSnapshot',
  versions: '0-1',
  flexible: 0,
  listeners: ['controller'],
  request: {
    clusterId: string.nullable().default(null).tagged(0),
    replicaId: int32.default(-1),
    maxBytes: int32.default(0x7fff_ffff),
    topics: array({
      name: string,
      partitions: array({
        partition: int32,
        currentLeaderEpoch: int32,
        snapshotId: struct({
          endOffset: int64,
          epoch: int32,
        }),
        position: int64,
        replicaDirectoryId: uuid.since(1).tagged(0).ignorable(),
      }),
    }),
  },
  response: {
    throttleTimeMs: int32.about('How long a quota held this answer back, or asks the client to wait.'),
    errorCode: int16.about('See `ktool protocol errors`; 0 is none.'),
    topics: array({
      name: string,
      partitions: array({
        index: int32,
        errorCode: int16.about('See `ktool protocol errors`; 0 is none.'),
        snapshotId: struct({
          endOffset: int64,
          epoch: int32,
        }),
        currentLeader: struct({
          leaderId: int32,
          leaderEpoch: int32,
        }).tagged(0),
        size: int64,
        position: int64,
        unalignedRecords: records,
      }),
    }),
    nodeEndpoints: array({
      nodeId: int32,
      host: string,
      port: uint16,
    })
      .since(1)
      .tagged(0),
  },
})
