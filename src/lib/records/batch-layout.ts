/**
 * Where the fields of a batch lie, from its first byte. Offset, length and magic are in the same place in
 * every version, so a log of mixed versions can be walked without knowing any of them.
 */
export const OFFSET = 0
export const LENGTH = 8
export const MAGIC = 16

/** The versions of the format. */
export type Magic = 0 | 1 | 2

/** Offset and length: the bytes that the length does not count. */
export const LOG_OVERHEAD = 12
/** Enough of a batch to tell its size and its magic. */
export const HEADER_UP_TO_MAGIC = 17
/** The length of an empty message of magic 0, the smallest that a batch's length field may hold. */
export const SMALLEST_LENGTH = 14

/** Magic 2: the record batch. What lies before its attributes is not under its CRC. */
export const batchLayout = {
  partitionLeaderEpoch: 12,
  crc: 17,
  attributes: 21,
  lastOffsetDelta: 23,
  baseTimestamp: 27,
  maxTimestamp: 35,
  producerId: 43,
  producerEpoch: 51,
  baseSequence: 53,
  count: 57,
  records: 61,
} as const

/** Magic 0 and 1: the message, bare or as the wrapper of a compressed message set. */
export const messageLayout = {
  crc: 12,
  attributes: 17,
  /** Magic 1 only; in magic 0 the key is here. */
  timestamp: 18,
} as const

/** Where the key's length lies in a message. */
export function keyLengthAt(magic: number): number {
  return magic === 0 ? messageLayout.timestamp : messageLayout.timestamp + 8
}

/** The bytes of a message with a null key and a null value, offset and length included. */
export function messageOverhead(magic: number): number {
  return keyLengthAt(magic) + 8
}

/** The smallest whole batch of each magic. */
export function smallestBatch(magic: number): number {
  return magic === 2 ? batchLayout.records : messageOverhead(magic)
}
