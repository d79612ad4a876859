import { xxh3 } from '../../../../bytes/xxh3.ts'

export interface HashedTopic {
  readonly topicId: string
  readonly name: string
  /** Of each partition in turn, the racks of its replicas. */
  readonly racks: readonly (readonly string[])[]
}

/** Should what is hashed ever change, so does this. */
const MAGIC = 0

/** By it a group knows whether its topics are still what they were (KIP-1101). */
export function topicHash({ topicId, name, racks }: HashedTopic): bigint {
  const parts = [Buffer.of(MAGIC), uuidWords(topicId), text(name), int32(racks.length)]
  for (const [partition, replicas] of racks.entries()) {
    parts.push(int32(partition))
    for (const rack of replicas.toSorted()) parts.push(int32(rack.length), text(rack))
  }
  return xxh3(Buffer.concat(parts))
}

/** 0 of no topics. */
export function groupHash(topicHashes: ReadonlyMap<string, bigint>): bigint {
  if (topicHashes.size === 0) return 0n
  const bytes = Buffer.alloc(topicHashes.size * 8)
  const names = [...topicHashes.keys()].sort()
  for (const [i, name] of names.entries()) bytes.writeBigInt64LE(topicHashes.get(name) ?? 0n, i * 8)
  return xxh3(bytes)
}

function uuidWords(id: string): Buffer {
  return Buffer.from(id, 'base64url').swap64()
}

/** As hash4j takes it: UTF-16, and how long it was. */
function text(value: string): Buffer {
  return Buffer.concat([Buffer.from(value, 'utf16le'), int32(value.length)])
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32LE(value)
  return bytes
}
