import { Reader } from '../../bytes/reader.ts'
import { DataError } from '../../errors.ts'
import { consumerProtocolAssignment, consumerProtocolSubscription } from './consumer-protocol-records.ts'

/** What a member of a classic consumer group reads, as it told the others. */
export interface ClassicSubscription {
  readonly topics: readonly string[]
  readonly rackId: string | null
}

interface PartitionIn {
  readonly topic: string
  readonly partition: number
}

/** Only clients read these bytes: what they cannot mean is nobody's damage, and says nothing. */
export function readClassicSubscription(bytes: Buffer): ClassicSubscription {
  const { message } = consumerProtocolSubscription
  const said = read(bytes, message.versions.max, (reader, version) => message.read(reader, version))
  return said ?? { topics: [], rackId: null }
}

/** By topic and number. */
export function readClassicAssignment(bytes: Buffer): PartitionIn[] {
  const { message } = consumerProtocolAssignment
  const said = read(bytes, message.versions.max, (reader, version) => message.read(reader, version))
  return (said?.assignedPartitions ?? [])
    .flatMap(({ topic, partitions }) => partitions.map((partition) => ({ topic, partition })))
    .sort(byPartition)
}

/** A version of the future begins with what the newest known one has, and clients pass over the rest. */
function read<T>(bytes: Buffer, newest: number, of: (reader: Reader, version: number) => T): T | undefined {
  const version = bytes.length < 2 ? -1 : bytes.readInt16BE(0)
  if (version < 0) return undefined
  try {
    return of(new Reader(bytes, 2), Math.min(version, newest))
  } catch (cause) {
    if (cause instanceof DataError) return undefined
    throw cause
  }
}

function byPartition(a: PartitionIn, b: PartitionIn): number {
  if (a.topic !== b.topic) return a.topic < b.topic ? -1 : 1
  return a.partition - b.partition
}
