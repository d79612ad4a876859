import { array } from '../../schema/array.ts'
import { bool, int16, int32, int64, uint32 } from '../../schema/numbers.ts'
import { string, uuid } from '../../schema/text-and-bytes.ts'
import { LogRecord } from '../log-record.ts'

/** Small structures in files beside the logs, and in forwarded requests. */

export const producerSnapshot = new LogRecord({
  name: 'ProducerSnapshot',
  type: 'data',
  framing: 'version',
  versions: '1',
  fields: {
    crc: uint32.about('CRC-32C of the bytes that follow it.'),
    producerEntries: array({
      producerId: int64,
      epoch: int16,
      lastSequence: int32,
      lastOffset: int64,
      offsetDelta: int32,
      timestamp: int64,
      coordinatorEpoch: int32.about(
        'Rises with each new coordinator, so that markers of an old one are refused.',
      ),
      currentTxnFirstOffset: int64.about('-1 where no transaction is open.'),
    }),
  },
})

export const quorumStateData = new LogRecord({
  name: 'QuorumStateData',
  type: 'data',
  framing: 'none',
  versions: '0-1',
  flexible: 0,
  fields: {
    clusterId: string.until(0),
    leaderId: int32.default(-1),
    leaderEpoch: int32.default(-1),
    votedId: int32.default(-1),
    votedDirectoryId: uuid.since(1),
    appliedOffset: int64.until(0),
    currentVoters: array({
      voterId: int32,
    })
      .until(0)
      .nullable(),
  },
})

export const defaultPrincipalData = new LogRecord({
  name: 'DefaultPrincipalData',
  type: 'data',
  framing: 'version',
  versions: '0',
  flexible: 0,
  fields: {
    type: string,
    name: string,
    tokenAuthenticated: bool,
  },
})
